import { expect, it } from 'vitest'
import type { SyncConfig } from '../../src/index'
import { eventLog, expectSameRows, type Journey, journey } from '../support/journey'

/**
 * An edit is on its way, a page brings what somebody else made of the row after it, and the user goes on editing before
 * the answer comes.
 */
async function overtaken(conflicts: SyncConfig['conflicts'], theirs: object | null): Promise<Journey> {
  const start = await journey({ config: { ...(conflicts && { conflicts }) } })
  const { db, backend, sync, until, settled } = start
  await db.notes.add({ id: 'n', text: 'base', ...{ colour: 'red' } })
  await settled()
  const held = backend.holdNext({ method: 'PATCH' })
  await db.notes.update('n', { text: 'first' })
  await until(held.arrived)
  if (theirs) backend.change('notes', 'n', { ...theirs })
  else backend.erase('notes', 'n')
  await until(sync.pull())
  await db.notes.update('n', { text: 'second' })
  held.release()
  await settled()
  await start.synced()
  return start
}

it('what was written after the sent edit meets the newer row of the server: the policy decides', async () => {
  const { db, backend, sync } = await overtaken({ policy: 'server-wins' }, { text: 'theirs' })
  expect(backend.rows('notes')).toMatchObject([{ text: 'theirs' }])
  expect(await sync.conflicts.list()).toMatchObject([
    { decision: 'remote', fields: ['text'], base: { text: 'first' }, local: { text: 'second' } },
  ])
  await expectSameRows(db, backend)
})

it('so it does where the row was deleted', async () => {
  const { db, backend } = await overtaken({ policy: 'server-wins' }, null)
  expect(backend.rows('notes')).toEqual([])
  await expectSameRows(db, backend)
})

it('and the app, where it is asked', async () => {
  const onConflict = async () => 'local' as const
  const { db, backend } = await overtaken({ policy: 'server-wins', onConflict }, { text: 'theirs' })
  expect(backend.rows('notes')).toMatchObject([{ text: 'second' }])
  await expectSameRows(db, backend)
})

it('nobody is asked where they changed something else', async () => {
  const start = await overtaken({ policy: 'park' }, { colour: 'blue' })
  expect(start.backend.rows('notes')).toMatchObject([{ text: 'second', colour: 'blue' }])
  expect(await start.sync.conflicts.list()).toEqual([])
  expect(eventLog(start.sync, 'conflict')).toEqual([])
  await expectSameRows(start.db, start.backend)
})
