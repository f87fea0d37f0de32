import { describe, expect, it } from 'vitest'
import { createBackend, goodSemantics } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

/** A backend that refuses to change what was taken away from the user. */
function withRevoked() {
  const revoked = new Set<string>()
  const good = goodSemantics()
  const backend = createBackend({
    semantics: (request, store) =>
      request.id !== undefined && revoked.has(request.id)
        ? { status: 403, body: { error: 'not yours any more' } }
        : good(request, store),
  })
  return { backend, revoked }
}

describe('a row that is taken away from the user (B19)', () => {
  it('by a tombstone goes, with the edit that waits for it going by the policy, and nothing silent', async () => {
    const { db, sync, backend, settled, synced, setOnline, device } = await journey({
      config: { conflicts: { policy: 'server-wins' } },
    })
    await db.notes.bulkAdd([
      { id: 'n1', text: 'one' },
      { id: 'n2', text: 'two' },
    ])
    await settled()
    setOnline(false)
    await db.notes.update('n1', { text: 'edited' })
    await device.settle()
    backend.erase('notes', 'n1')
    setOnline(true)
    await settled()
    await synced()
    await expectSameRows(db, backend, ['notes'])
    expect((await db.notes.toArray()).map(({ id }) => id)).toEqual(['n2'])
    const [conflict] = await sync.conflicts.list()
    expect(conflict).toMatchObject({
      key: 'n1',
      state: 'decided',
      decision: 'remote',
      local: { text: 'edited' },
    })
  })

  it('and refused on the way becomes a dead letter; discarded, the server’s row is back', async () => {
    const { backend, revoked } = withRevoked()
    const { db, sync, settled } = await journey({ backend })
    await db.notes.add({ id: 'n1', text: 'one' })
    await settled()
    revoked.add('n1')
    await db.notes.update('n1', { text: 'edited' })
    await settled()
    const [letter] = await sync.getDeadLetters()
    expect(letter).toMatchObject({ key: 'n1', kind: 'update', reason: { code: 'forbidden', status: 403 } })
    expect(await db.notes.get('n1')).toMatchObject({ text: 'edited' })
    await sync.deadLetters.discard(letter!.id)
    await settled()
    expect(await db.notes.get('n1')).toMatchObject({ text: 'one' })
    await expectSameRows(db, backend, ['notes'])
  })

  it('and gone from the server meanwhile: discarded, it is gone here', async () => {
    const { backend, revoked } = withRevoked()
    const { db, sync, settled, synced } = await journey({ backend })
    await db.notes.add({ id: 'n1', text: 'one' })
    await settled()
    revoked.add('n1')
    await db.notes.update('n1', { text: 'edited' })
    await settled()
    backend.erase('notes', 'n1')
    await synced()
    const [letter] = await sync.getDeadLetters()
    await sync.deadLetters.discard(letter!.id)
    await settled()
    expect(await db.notes.toArray()).toEqual([])
  })

  it('without a word from the server stays until the table is synced anew: then what is not listed goes', async () => {
    const backend = createBackend()
    for (const id of ['n1', 'n2']) backend.insert('notes', { id, text: id })
    const { db, sync, settled, synced, until } = await journey({ backend })
    await settled()
    backend.store.remove('notes', 'n1')
    await synced()
    expect(await db.notes.count()).toBe(2)
    await until(sync.resync('notes'))
    await settled()
    expect((await db.notes.toArray()).map(({ id }) => id)).toEqual(['n2'])
    await expectSameRows(db, backend, ['notes'])
  })
})
