import { describe, expect, it } from 'vitest'
import { type Backend, createBackend, goodSemantics } from '../support/backend'
import { blogRoutes, eventLog, expectSameRows, type Journey, journey } from '../support/journey'
import { versionedRoutes } from '../support/versioned-routes'

/** A note both sides hold, changed by somebody else while this device was offline and changed it too. */
async function bothChanged(start: Journey, mine: object, theirs: object): Promise<void> {
  const { db, backend, setOnline, settled } = start
  await db.notes.add({ id: 'n', text: 'base', ...{ colour: 'red' } })
  await settled()
  setOnline(false)
  backend.change('notes', 'n', { ...theirs })
  await db.notes.update('n', mine)
  setOnline(true)
  await settled()
}

const backends: [string, () => Backend, typeof blogRoutes][] = [
  ['never answers 409', () => createBackend(), blogRoutes],
  [
    'answers 409 to an old version',
    () => createBackend({ semantics: goodSemantics({ answersConflicts: true }) }),
    versionedRoutes,
  ],
]

describe.each(backends)('a row changed here and elsewhere, with a backend that %s', (_, backend, routes) => {
  const begin = (policy: 'server-wins' | 'client-wins' | 'merge') =>
    journey({ backend: backend(), config: { routes, conflicts: { policy } } })

  it('takes the value of the server with server-wins', async () => {
    const start = await begin('server-wins')
    const heard = eventLog(start.sync, 'conflict')
    await bothChanged(start, { text: 'mine' }, { text: 'theirs' })
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'theirs' }])
    expect(heard).toEqual(['conflict'])
    await expectSameRows(start.db, start.backend)
  })

  it('is refused by a backend that can, and only by that', async () => {
    const start = await begin('client-wins')
    await bothChanged(start, { text: 'mine' }, { text: 'theirs' })
    expect(start.backend.asked({ method: 'PATCH' })).toHaveLength(routes === versionedRoutes ? 2 : 1)
  })

  it('keeps the value of this device with client-wins', async () => {
    const start = await begin('client-wins')
    await bothChanged(start, { text: 'mine' }, { text: 'theirs' })
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'mine' }])
    await start.synced()
    await expectSameRows(start.db, start.backend)
  })

  it('keeps what both did to different fields, whatever the policy', async () => {
    for (const policy of ['server-wins', 'client-wins', 'merge'] as const) {
      const start = await begin(policy)
      await bothChanged(start, { text: 'mine' }, { colour: 'blue' })
      expect(start.backend.rows('notes'), policy).toMatchObject([{ text: 'mine', colour: 'blue' }])
      await start.synced()
      await expectSameRows(start.db, start.backend)
    }
  })

  it('says nothing when both did the same', async () => {
    const start = await begin('merge')
    const heard = eventLog(start.sync, 'conflict')
    await bothChanged(start, { text: 'same' }, { text: 'same' })
    expect(heard).toEqual([])
    await expectSameRows(start.db, start.backend)
  })

  it('merges: where both changed one field this device has the last word, the rest is theirs', async () => {
    const start = await begin('merge')
    await bothChanged(start, { text: 'mine' }, { text: 'theirs', colour: 'blue' })
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'mine', colour: 'blue' }])
    await start.synced()
    await expectSameRows(start.db, start.backend)
  })

  it('removes nothing that the row here never had, where both made it', async () => {
    const { db, backend, setOnline, settled, synced } = await begin('client-wins')
    setOnline(false)
    backend.insert('notes', { id: 'n', text: 'theirs', colour: 'blue' })
    await db.notes.add({ id: 'n', text: 'mine' })
    setOnline(true)
    await settled()
    expect(backend.rows('notes')).toMatchObject([{ text: 'mine', colour: 'blue' }])
    await synced()
    await expectSameRows(db, backend)
  })

  it('keeps what was overruled, so that it can be seen and brought back', async () => {
    const start = await begin('server-wins')
    await bothChanged(start, { text: 'mine' }, { text: 'theirs' })
    const [conflict] = await start.sync.conflicts.list()
    expect(conflict).toMatchObject({
      table: 'notes',
      key: 'n',
      state: 'decided',
      decision: 'remote',
      fields: ['text'],
    })
    expect(conflict?.local).toMatchObject({ text: 'mine' })
    await start.db.notes.update('n', { text: String(conflict?.local?.text) })
    await start.settled()
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'mine' }])
    await start.synced()
    await expectSameRows(start.db, start.backend)
  })
})

describe('a row edited here and deleted elsewhere', () => {
  const meet = async (policy: 'server-wins' | 'client-wins' | 'merge') => {
    const start = await journey({ config: { conflicts: { policy } } })
    await start.db.notes.add({ id: 'n', text: 'base' })
    await start.settled()
    start.setOnline(false)
    start.backend.erase('notes', 'n')
    await start.db.notes.update('n', { text: 'mine' })
    start.setOnline(true)
    await start.settled()
    return start
  }

  it('stays deleted with server-wins, and the edit is kept as a conflict', async () => {
    const { db, sync } = await meet('server-wins')
    expect(await db.notes.count()).toBe(0)
    expect(await sync.conflicts.list()).toMatchObject([{ key: 'n', decision: 'remote', remote: null }])
  })

  it('lives on with merge: an edit beats a deletion', async () => {
    const { db, backend, synced } = await meet('merge')
    await synced()
    expect(backend.rows('notes')).toMatchObject([{ text: 'mine' }])
    await expectSameRows(db, backend)
  })
})

describe('a row deleted here and edited elsewhere', () => {
  it('returns with merge: an edit beats a deletion', async () => {
    const { db, backend, setOnline, settled } = await journey()
    await db.notes.add({ id: 'n', text: 'base' })
    await settled()
    setOnline(false)
    backend.change('notes', 'n', { text: 'theirs' })
    await db.notes.delete('n')
    setOnline(true)
    await settled()
    expect(await db.notes.toArray()).toMatchObject([{ text: 'theirs' }])
    await expectSameRows(db, backend)
  })
})
