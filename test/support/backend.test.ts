import { describe, expect, it, onTestFinished } from 'vitest'
import { type Backend, createBackend, seedSemantics } from './backend'

const address = 'http://server.test/api/posts'
const post = (title: string, headers: Record<string, string> = {}) =>
  new Request(address, { method: 'POST', headers, body: JSON.stringify({ title }) })

async function listed(backend: Backend, query = ''): Promise<unknown> {
  return (await backend.fetch(new Request(address + query))).json()
}

describe('the backend of the tests', () => {
  it('makes ids, and remembers answers by Idempotency-Key', async () => {
    const backend = createBackend()
    const first = await (await backend.fetch(post('one', { 'idempotency-key': 'a' }))).json()
    const again = await (await backend.fetch(post('one', { 'idempotency-key': 'a' }))).json()
    expect(again).toEqual(first)
    expect((await backend.fetch(post('two', { 'idempotency-key': 'a' }))).status).toBe(422)
    expect(backend.rows('posts')).toEqual([first])
  })

  it('shows what changed since, deletions included', async () => {
    const backend = createBackend()
    const old = backend.insert('posts', { title: 'old' })
    const gone = backend.insert('posts', { title: 'gone' })
    backend.erase('posts', gone.id)
    expect(await listed(backend, `?updated_after=${String(gone.updated_at)}&limit=1`)).toEqual({
      data: [expect.objectContaining({ id: gone.id, deleted_at: expect.any(String) })],
    })
    expect(backend.rows('posts')).toEqual([old])
  })

  it('as in the Quick Start forgets what was deleted and compares with >', async () => {
    const backend = createBackend({ semantics: seedSemantics })
    const { id, updatedAt } = (await (await backend.fetch(post('one'))).json()) as Record<string, string>
    expect(await listed(backend, `?updated_after=${Date.parse(String(updatedAt))}`)).toEqual({ data: [] })
    await backend.fetch(new Request(`${address}/${id}`, { method: 'DELETE' }))
    expect(await listed(backend)).toEqual({ data: [] })
  })

  it('loses an answer after its work is done, and a request before', async () => {
    const backend = createBackend()
    backend.dropResponse(1, { method: 'POST' })
    await expect(backend.fetch(post('heard'))).rejects.toThrow(TypeError)
    backend.dropRequest(1)
    await expect(backend.fetch(post('unheard'))).rejects.toThrow(TypeError)
    expect(backend.rows('posts').map(({ title }) => title)).toEqual(['heard'])
  })

  it('holds an answer back until it is let go', async () => {
    const backend = createBackend()
    const held = backend.holdNext()
    const answer = backend.fetch(post('slow'))
    expect((await held.arrived).body).toEqual({ title: 'slow' })
    expect(backend.rows('posts')).toHaveLength(1)
    held.release()
    expect((await answer).status).toBe(201)
  })

  it('does the same behind a real port', async () => {
    const backend = createBackend()
    const server = await backend.listen()
    onTestFinished(() => server.close())
    const url = `${server.url}/api/posts`
    backend.dropResponse(1)
    await expect(fetch(url, { method: 'POST', body: '{"title":"lost"}' })).rejects.toThrow(TypeError)
    backend.html(1)
    expect((await fetch(url)).headers.get('content-type')).toContain('text/html')
    expect(await (await fetch(`${url}/1`)).json()).toMatchObject({ id: 1, title: 'lost' })
    expect(backend.asked({ method: 'GET' }).map(({ path }) => path)).toEqual(['/api/posts', '/api/posts/1'])
  })
})
