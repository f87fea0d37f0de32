import { expect, it } from 'vitest'
import type { SyncConfig } from '../../src/index'
import { secondTab } from '../hostile/second-tab'
import { createBackend, goodSemantics } from '../support/backend'
import { expectSameRows, type Journey, journey } from '../support/journey'

type Conflicts = NonNullable<SyncConfig['conflicts']>

/** A note whose edit the server has refused, and that somebody else has changed since. */
async function refused(conflicts: Conflicts, theirs: object | null = { text: 'theirs' }): Promise<Journey> {
  const semantics = goodSemantics({ validate: (row) => (row.text === '' ? 'must not be empty' : undefined) })
  const start = await journey({ backend: createBackend({ semantics }), config: { conflicts } })
  const { db, backend, synced, settled } = start
  await db.notes.add({ id: 'n', text: 'base', ...{ colour: 'red' } })
  await settled()
  await db.notes.update('n', { text: '' })
  await settled()
  if (theirs) backend.change('notes', 'n', { ...theirs })
  else backend.erase('notes', 'n')
  await synced()
  expect(await start.sync.deadLetters.list()).toHaveLength(1)
  return start
}

const letterOf = async ({ sync }: Pick<Journey, 'sync'>) => (await sync.deadLetters.list())[0]!.id

it('a letter that is edited: the app is asked about it with the edit, and its row stands', async () => {
  const asked: unknown[] = []
  const start = await refused({
    policy: 'custom',
    onConflict: async ({ base, local, remote }) => {
      asked.push(base?.text, local?.text, remote?.text)
      return { ...remote, text: `${local?.text} and ${remote?.text}` }
    },
  })
  await start.until(start.sync.deadLetters.edit(await letterOf(start), { text: 'mended' }))
  expect(asked).toEqual(['base', 'mended', 'theirs'])
  await start.synced()
  expect(start.backend.rows('notes')).toMatchObject([{ text: 'mended and theirs' }])
  await expectSameRows(start.db, start.backend)
  expect(await start.sync.conflicts.list()).toMatchObject([{ state: 'decided', local: { text: 'mended' } }])
})

it('in a tab that does not lead it is the functions of that tab that are asked', async () => {
  const start = await refused({ policy: 'server-wins' })
  const other = await secondTab(start, { conflicts: { policy: 'server-wins', onConflict: () => 'local' } })
  expect(other.sync.isLeader()).toBe(false)
  await start.until(other.sync.deadLetters.edit(await letterOf(other), { text: 'mended' }))
  await start.synced()
  expect(start.backend.rows('notes')).toMatchObject([{ text: 'mended' }])
})

it('an edit the app decides against is overruled, and kept to be restored', async () => {
  const start = await refused({ policy: 'merge', onConflict: () => 'remote' })
  await start.until(start.sync.deadLetters.edit(await letterOf(start), { text: 'mended', colour: 'blue' }))
  await start.synced()
  expect(start.backend.rows('notes')).toMatchObject([{ text: 'theirs', colour: 'blue' }])
  await expectSameRows(start.db, start.backend)
  const [conflict] = await start.sync.conflicts.list()
  await start.until(start.sync.conflicts.resolve(conflict!.id, 'local'))
  await start.synced()
  expect(start.backend.rows('notes')).toMatchObject([{ text: 'mended', colour: 'blue' }])
})

it('an edit that is parked is not lost', async () => {
  const start = await refused({ policy: 'server-wins', onConflict: () => 'park' })
  await start.until(start.sync.deadLetters.edit(await letterOf(start), { text: 'mended' }))
  expect(await start.db.notes.toArray()).toMatchObject([{ text: 'mended' }])
  const [conflict] = await start.sync.conflicts.list()
  expect(conflict).toMatchObject({ state: 'parked', local: { text: 'mended' } })
  await start.until(start.sync.conflicts.resolve(conflict!.id, 'local'))
  await start.synced()
  expect(start.backend.rows('notes')).toMatchObject([{ text: 'mended' }])
  await expectSameRows(start.db, start.backend)
})

it('a row that changes whenever the app is asked is parked after three times', async () => {
  let times = 0
  const start: Journey = await refused({
    policy: 'server-wins',
    onConflict: async () => {
      times += 1
      await start.db.notes.update('n', { text: `again ${times}` })
      return 'remote' as const
    },
  })
  await start.until(start.sync.deadLetters.retry(await letterOf(start)))
  expect(times).toBe(3)
  expect(await start.sync.conflicts.list()).toMatchObject([{ state: 'parked', local: { text: 'again 3' } }])
  expect(await start.sync.deadLetters.list()).toEqual([])
})

it('discarding a letter asks about what was changed since to a row that is gone', async () => {
  const start = await refused({ policy: 'server-wins', onConflict: () => 'local' }, null)
  await start.db.notes.update('n', { text: 'later' })
  await start.until(start.sync.deadLetters.discard(await letterOf(start)))
  await start.synced()
  expect(start.backend.rows('notes')).toMatchObject([{ text: 'later', colour: 'red' }])
  await expectSameRows(start.db, start.backend)
})
