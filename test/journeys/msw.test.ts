import Dexie, { type Table } from 'dexie'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { expect, it, onTestFinished } from 'vitest'
import { defineRoutes, resource, startSync } from '../../src/index'
import { quiet } from '../support/journey'

it('an app that mocks its backend with msw sees its rows sent and its keys answered', async () => {
  const sent: { body: unknown; key: string | null }[] = []
  const server = setupServer(
    http.get('https://api.example.test/api/posts', () => HttpResponse.json([])),
    http.post('https://api.example.test/api/posts', async ({ request }) => {
      const body = (await request.json()) as { title: string }
      sent.push({ body, key: request.headers.get('idempotency-key') })
      return HttpResponse.json({ ...body, id: 7 }, { status: 201 })
    }),
  )
  server.listen({ onUnhandledRequest: 'error' })
  onTestFinished(() => server.close())

  const db = new Dexie('msw') as Dexie & { posts: Table<{ id?: number; title: string }, number> }
  db.version(1).stores({ posts: '++id, title, updated_at' })
  const sync = startSync(db, {
    baseUrl: 'https://api.example.test',
    routes: defineRoutes({ posts: resource('/api/posts') }),
  })
  onTestFinished(async () => {
    await sync.stop()
    await db.delete()
  })

  const temporary = await db.posts.add({ title: 'Hello' })
  expect(temporary).toBeLessThan(0)
  await quiet(sync)
  expect(sent).toEqual([{ body: { title: 'Hello' }, key: expect.any(String) }])
  expect(await db.posts.toArray()).toEqual([{ id: 7, title: 'Hello' }])
  expect(await sync.resolveKey('posts', temporary)).toBe(7)
})
