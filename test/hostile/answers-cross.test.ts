import { describe, expect, it } from 'vitest'
import { defineRoutes, resource } from '../../src/index'
import { createBackend, goodSemantics } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

describe('an answer that was long on its way', () => {
  it.each(['server-wins', 'merge'] as const)(
    'with a conflict does not undo a newer row that came meanwhile (%s)',
    async (policy) => {
      const good = goodSemantics()
      let refusals = 0
      const backend = createBackend({
        semantics: (request, store) =>
          request.method === 'PATCH' && refusals++ === 0
            ? { status: 409, body: { ...store.get(request.table, request.id) } }
            : good(request, store),
      })
      const { db, until, settled, synced, device, sync } = await journey({
        backend,
        config: { sync: { push: { verify: 'none' } }, conflicts: { policy } },
      })
      await db.notes.add({ id: 'n1', text: 'first' })
      await settled()
      await device.advance(60_000)
      backend.change('notes', 'n1', { text: 'second' })
      const held = backend.holdNext({ method: 'PATCH' })
      await db.notes.update('n1', { text: 'mine' })
      await until(held.arrived)
      backend.change('notes', 'n1', { text: 'third', extra: true })
      for (let i = 0; i < 30; i++) backend.store.now()
      backend.insert('notes', { id: 'n2', text: 'later than all' })
      await until(sync.pull())
      await device.advance(15_000)
      held.release()
      await settled()
      await synced()
      await expectSameRows(db, backend)
    },
  )
})

describe('a row made here and elsewhere under one key', () => {
  it('that wins here, and is deleted here before it left, is deleted at the server', async () => {
    let broken = true
    const notes = resource('/api/notes')
    const create = {
      method: 'POST' as const,
      url: '/api/notes',
      body: (row: unknown) => {
        if (broken) throw new Error('not yet')
        return row
      },
    }
    const routes = defineRoutes({ notes: { ...notes, push: { ...notes.push, create } } })
    const { db, backend, settled, synced, until, sync, device } = await journey({
      config: { routes, conflicts: { policy: 'client-wins' } },
    })
    await settled()
    await db.notes.add({ id: 'n1', text: 'mine' })
    await device.settle()
    backend.insert('notes', { id: 'n1', text: 'theirs' })
    await until(sync.pull())
    expect(await db.notes.toArray()).toMatchObject([{ text: 'mine' }])
    await db.notes.delete('n1')
    broken = false
    await until(sync.sync())
    await settled()
    await synced()
    await expectSameRows(db, backend, ['notes'])
    expect(backend.rows('notes')).toEqual([])
  })
})
