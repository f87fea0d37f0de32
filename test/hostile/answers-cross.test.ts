import { describe, expect, it } from 'vitest'
import { createBackend, goodSemantics } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

describe('an answer that was long on its way', () => {
  it.each(['server-wins', 'merge'] as const)('with a conflict does not undo a newer row that came meanwhile (%s)', async (policy) => {
    const backend = createBackend({ semantics: goodSemantics({ answersConflicts: true }) })
    const { resource, defineRoutes } = await import('../../src/index')
    const routes = defineRoutes({
      posts: resource('/api/posts'),
      notes: resource('/api/notes', { version: 'version' }),
    })
    const { db, until, settled, synced, device, sync, setOnline } = await journey({
      backend,
      config: { routes, conflicts: { policy } },
    })
    await db.notes.add({ id: 'n1', text: 'first' })
    await settled()
    await device.advance(60_000)
    setOnline(false)
    await db.notes.update('n1', { text: 'mine' })
    backend.change('notes', 'n1', { text: 'second' })
    const held = backend.holdNext({ method: 'PATCH' })
    setOnline(true)
    await until(held.arrived)
    for (let i = 0; i < 3; i++) {
      backend.change('notes', 'n1', { text: `third ${i}`, extra: i })
      const pulled = sync.pull()
      await until(pulled)
      await device.advance(15_000 - 1)
    }
    held.release()
    await settled()
    await synced()
    await expectSameRows(db, backend)
  })
})

describe('a row made here and elsewhere under one key', () => {
  it('and deleted here before the edit left is deleted at the server, or comes back', async () => {
    const { db, backend, setOnline, settled, synced, until, sync } = await journey({
      config: { conflicts: { policy: 'client-wins' } },
    })
    await settled()
    backend.insert('notes', { id: 'n1', text: 'theirs' })
    backend.respondNext(3, { status: 500 }, { method: 'POST' })
    await db.notes.add({ id: 'n1', text: 'mine' })
    await until(sync.pull())
    setOnline(false)
    await db.notes.delete('n1')
    setOnline(true)
    await settled()
    await synced()
    await expectSameRows(db, backend)
  })
})
