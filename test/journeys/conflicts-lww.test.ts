import { describe, expect, it } from 'vitest'
import { resource, type SyncConfig } from '../../src/index'
import { createSync } from '../../src/sync'
import { Blog } from '../support/blog'
import { expectSameRows, type Journey, journey } from '../support/journey'
import { type TrueTime, trueTime } from '../support/true-time'
import { versionedRoutes } from '../support/versioned-routes'

const minute = 60_000
const day = 24 * 60 * minute

type Place = Journey & TrueTime

async function begin(
  time: Parameters<typeof trueTime>[0] = {},
  conflicts: SyncConfig['conflicts'] = { policy: 'lww' },
  sync: SyncConfig['sync'] = {},
): Promise<Place> {
  const world = trueTime(time)
  const start = await journey({ ...world, config: { conflicts, sync } })
  await start.db.notes.bulkAdd([
    { id: 'n', text: 'base' },
    { id: 'other', text: 'base' },
  ])
  await start.settled()
  return { ...start, ...world }
}

/** Offline, somebody else and this device change the same field, in this order. */
async function bothChange(place: Place, order: readonly ('here' | 'there')[], id = 'n'): Promise<void> {
  const { setOnline, backend, db, device, settled } = place
  setOnline(false)
  for (const who of order) {
    if (who === 'here') await db.notes.update(id, { text: 'mine' })
    else backend.change('notes', id, { text: 'theirs' })
    await device.advance(minute)
  }
  setOnline(true)
  await settled()
}

const texts = ({ backend }: Place) => backend.rows('notes').map(({ id, text }) => `${id}: ${text}`)

describe.each([
  ['right', 0],
  ['a day ahead', day],
  ['a day behind', -day],
])('with lww on a device whose clock is %s', (_, skew) => {
  it('the later change stands, here and at the server', async () => {
    const place = await begin({ skew })
    await bothChange(place, ['there', 'here'])
    await bothChange(place, ['here', 'there'], 'other')
    await place.synced()
    expect(texts(place)).toEqual(['n: mine', 'other: theirs'])
    await expectSameRows(place.db, place.backend, ['notes'])
  })

  it('is so too after a reload without a connection', async () => {
    const place = await begin({ skew })
    place.setOnline(false)
    const again = { ...place, ...(await place.reload()) }
    await bothChange(again, ['here', 'there'])
    await bothChange(again, ['there', 'here'], 'other')
    expect(texts(place)).toEqual(['n: theirs', 'other: mine'])
  })

  it('is so too for what another tab writes', async () => {
    const place = await begin({ skew })
    const tab = place.device.tab({ fetch: (request) => place.backend.fetch(request) })
    const db = new Blog(place.db.name)
    const config = { baseUrl: 'https://api.example.test', routes: { notes: resource('/api/notes') } }
    const sync = createSync(db, { ...config, conflicts: { policy: 'lww' } }, tab)
    await place.until(sync.start())
    expect(sync.isLeader()).toBe(false)
    await bothChange({ ...place, db }, ['here', 'there'])
    expect(texts(place)).toEqual(['n: theirs', 'other: base'])
    await place.until(sync.stop())
    db.close()
  })
})

describe('with lww, when a clock goes wrong', () => {
  it('between two edits: the second still counts as the later one', async () => {
    const place = await begin()
    place.setOnline(false)
    await place.db.notes.update('n', { text: 'first' })
    await place.device.advance(minute)
    place.backend.change('notes', 'n', { text: 'theirs' })
    await place.device.advance(minute)
    place.jump(-day)
    await place.db.notes.update('n', { text: 'second' })
    place.setOnline(true)
    await place.settled()
    expect(texts(place)).toEqual(['n: second', 'other: base'])
  })

  it('a row stamped in 2099 does not make later edits here win for ever', async () => {
    // Looked at row by row: pulls have nothing to ask for until 2099.
    const place = await begin({}, { policy: 'lww' }, { push: { verify: 'get' } })
    place.backend.store.put('notes', { id: 'far', text: 'x', updated_at: '2099-01-01T00:00:00.000Z' })
    await place.synced()
    expect(await place.db.notes.get('far')).toBeDefined()
    place.setOnline(false)
    await place.db.notes.update('n', { text: 'mine' })
    await place.device.advance(10 * minute)
    place.backend.change('notes', 'n', { text: 'theirs' })
    place.setOnline(true)
    await place.settled()
    expect(texts(place)).toContain('n: theirs')
    expect(await place.db.notes.get('n')).toMatchObject({ text: 'theirs' })
  })

  it('a slow one that nobody corrects is later than what it has seen', async () => {
    const place = await begin({ skew: -day, telling: false })
    await bothChange(place, ['there', 'here'])
    // What they wrote was not seen before: without the server's time nobody can know better.
    expect(texts(place)).toEqual(['n: theirs', 'other: base'])
    await place.db.notes.update('n', { text: 'mine at last' })
    await place.settled()
    expect(texts(place)).toEqual(['n: mine at last', 'other: base'])
  })
})

describe('when the server changed a row', () => {
  it('is told by the clock of the configuration', async () => {
    const routes = { notes: resource('/api/notes', { conflicts: { policy: 'lww', clock: 'edited' } }) }
    const world = trueTime()
    const place = { ...(await journey({ ...world, config: { routes } })), ...world }
    await place.db.notes.add({ id: 'n', text: 'base' })
    await place.settled()
    place.setOnline(false)
    await place.db.notes.update('n', { text: 'mine' })
    await place.device.advance(minute)
    // Touched later, but not edited.
    place.backend.change('notes', 'n', { text: 'theirs', edited: world.now() - day })
    place.setOnline(true)
    await place.settled()
    expect(texts(place)).toEqual(['n: mine'])
  })

  it('decides single fields where a rule says so', async () => {
    const place = await begin({}, { policy: 'client-wins', fields: { text: 'lww' } })
    await bothChange(place, ['here', 'there'])
    expect(texts(place)).toEqual(['n: theirs', 'other: base'])
    await bothChange(place, ['there', 'here'])
    expect(texts(place)).toEqual(['n: mine', 'other: base'])
  })

  it('decides between a deletion here and an edit there', async () => {
    for (const [first, left] of [
      ['deletion', 1],
      ['edit', 0],
    ] as const) {
      const place = await begin()
      place.setOnline(false)
      if (first === 'deletion') await place.db.notes.delete('n')
      else place.backend.change('notes', 'n', { text: 'theirs' })
      await place.device.advance(minute)
      if (first === 'deletion') place.backend.change('notes', 'n', { text: 'theirs' })
      else await place.db.notes.delete('n')
      place.setOnline(true)
      await place.settled()
      await place.synced()
      expect(await place.db.notes.where('id').equals('n').count(), first).toBe(left)
      await expectSameRows(place.db, place.backend, ['notes'])
    }
  })

  it('counts for what was done here when it was done, however often it is sent again', async () => {
    const world = trueTime({ answersConflicts: true })
    const config = { routes: versionedRoutes, conflicts: { policy: 'lww', clock: 'updated_at' } } as const
    const place = { ...(await journey({ ...world, config })), ...world }
    await place.db.notes.add({ id: 'n', text: 'base' })
    await place.settled()
    place.setOnline(false)
    place.backend.change('notes', 'n', { text: 'theirs' })
    await place.device.advance(minute)
    await place.db.notes.update('n', { text: 'mine' })
    await place.device.advance(minute)
    // The first try is refused, and ours is the later one; but before we know they write again.
    const held = place.backend.holdNext({ method: 'PATCH' })
    place.setOnline(true)
    await place.until(held.arrived)
    place.backend.change('notes', 'n', { text: 'theirs again' })
    await place.device.advance(5_000)
    held.release()
    await place.settled()
    expect(await place.sync.conflicts.list()).toMatchObject([{ decision: 'local' }, { decision: 'remote' }])
    expect(texts(place)).toEqual(['n: theirs again'])
    await expectSameRows(place.db, place.backend, ['notes'])
  })
})
