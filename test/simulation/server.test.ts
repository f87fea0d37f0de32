import { describe, expect, it } from 'vitest'
import { poison } from './server'
import { serverWith } from './server-with'
import { epoch } from './tab-environment'

describe('the simulated server', () => {
  it('makes keys, stamps rows with a time that only grows, and keeps tombstones', () => {
    const { call, rows } = serverWith()
    expect(call('POST', '/api/posts', { title: 'a' }).status).toBe(201)
    expect(call('POST', '/api/posts', { title: 'b' }).status).toBe(201)
    expect(call('PATCH', '/api/posts/1', { title: 'c' }).status).toBe(200)
    expect(call('DELETE', '/api/posts/2').status).toBe(204)
    const all = rows('/api/posts?limit=10')
    expect(all.map(({ id, title, updated_at }) => [id, title, updated_at])).toEqual([
      [1, 'c', epoch + 2],
      [2, 'b', epoch + 3],
    ])
    expect(all[1]!.deleted_at).toBeTruthy()
    expect(call('GET', '/api/posts/2').status).toBe(404)
    expect(call('PATCH', '/api/posts/2', { title: 'd' }).status).toBe(404)
  })

  it('pages by the time of the last change', () => {
    const { call, rows } = serverWith()
    for (const title of ['a', 'b', 'c']) call('POST', '/api/posts', { title })
    expect(rows('/api/posts?limit=2').map(({ id }) => id)).toEqual([1, 2])
    expect(rows(`/api/posts?limit=2&updated_after=${epoch + 1}`).map(({ id }) => id)).toEqual([3])
    const inclusive = serverWith({ inclusive: true })
    for (const title of ['a', 'b', 'c']) inclusive.call('POST', '/api/posts', { title })
    expect(inclusive.rows(`/api/posts?limit=2&updated_after=${epoch + 1}`).map(({ id }) => id)).toEqual([
      2, 3,
    ])
  })

  it('answers a repeated Idempotency-Key with its first answer, and refuses another request under it', () => {
    const { call, ledger } = serverWith()
    const key = { 'idempotency-key': 'k' }
    const first = call('POST', '/api/posts', { title: 'a' }, key)
    expect(call('POST', '/api/posts', { title: 'a' }, key)).toEqual(first)
    expect(call('POST', '/api/posts', { title: 'b' }, key).status).toBe(422)
    expect(ledger).toHaveLength(1)
  })

  it('makes a second record where it does not know Idempotency-Key', () => {
    const { call, ledger } = serverWith({ idempotent: false })
    const key = { 'idempotency-key': 'k' }
    call('POST', '/api/posts', { title: 'a' }, key)
    call('POST', '/api/posts', { title: 'a' }, key)
    expect(ledger.map(({ key }) => key)).toEqual([1, 2])
  })

  it('takes keys the app made, each once', () => {
    const { call } = serverWith()
    expect(call('POST', '/api/notes', { id: 'n' }).status).toBe(201)
    expect(call('POST', '/api/notes', { id: 'n' }).status).toBe(409)
    call('DELETE', '/api/notes/n')
    expect(call('POST', '/api/notes', { id: 'n' }).status).toBe(201)
  })

  it('refuses what its checks do not let through', () => {
    const { call, ledger } = serverWith()
    expect(call('POST', '/api/posts', { title: `${poison}w1` }).status).toBe(422)
    expect(ledger).toEqual([])
  })
})
