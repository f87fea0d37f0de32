import { describe, expect, it } from 'vitest'
import type { Row } from '../../src/model/change'
import type { Effect } from './history'
import type { HttpAnswer, HttpRequest } from './http'
import { openLogins } from './logins'
import { poison, Server, type ServerShape } from './server'
import { tableShapes } from './swarm'

function serverWith(shape: Partial<ServerShape> = {}) {
  const ledger: Effect[] = []
  const tables = tableShapes(() => 'ms')
  const whole: ServerShape = { tables, idempotent: true, envelope: 'array', inclusive: false, ...shape }
  const server = new Server(
    whole,
    () => 1_000,
    () => ({ step: 0, at: 0 }),
    ledger,
    openLogins('d0'),
  )
  const call = (
    method: string,
    url: string,
    body?: Row,
    headers: Record<string, string> = {},
  ): HttpAnswer => {
    const { pathname, searchParams } = new URL(url, 'https://api.example.com')
    const request: HttpRequest = {
      method,
      path: pathname,
      query: searchParams,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    }
    return server.handle(request, 'd0')
  }
  const rows = (url: string) => JSON.parse(call('GET', url).body!) as Row[]
  return { server, ledger, call, rows }
}

describe('the simulated server', () => {
  it('makes keys, stamps rows with a time that only grows, and keeps tombstones', () => {
    const { call, rows } = serverWith()
    expect(call('POST', '/api/posts', { title: 'a' }).status).toBe(201)
    expect(call('POST', '/api/posts', { title: 'b' }).status).toBe(201)
    expect(call('PATCH', '/api/posts/1', { title: 'c' }).status).toBe(200)
    expect(call('DELETE', '/api/posts/2').status).toBe(204)
    const all = rows('/api/posts?limit=10')
    expect(all.map(({ id, title, updated_at }) => [id, title, updated_at])).toEqual([
      [1, 'c', 1_002],
      [2, 'b', 1_003],
    ])
    expect(all[1]!.deleted_at).toBeTruthy()
    expect(call('GET', '/api/posts/2').status).toBe(404)
    expect(call('PATCH', '/api/posts/2', { title: 'd' }).status).toBe(404)
  })

  it('pages by the time of the last change', () => {
    const { call, rows } = serverWith()
    for (const title of ['a', 'b', 'c']) call('POST', '/api/posts', { title })
    expect(rows('/api/posts?limit=2').map(({ id }) => id)).toEqual([1, 2])
    expect(rows('/api/posts?limit=2&updated_after=1001').map(({ id }) => id)).toEqual([3])
    const inclusive = serverWith({ inclusive: true })
    for (const title of ['a', 'b', 'c']) inclusive.call('POST', '/api/posts', { title })
    expect(inclusive.rows('/api/posts?limit=2&updated_after=1001').map(({ id }) => id)).toEqual([2, 3])
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
