import { describe, expect, it } from 'vitest'
import type { SyncConfig } from '../../src/index'
import { createBackend, goodSemantics } from '../support/backend'
import { eventLog, expectSameRows, type Journey, journey } from '../support/journey'
import { versionedRoutes as routes } from '../support/versioned-routes'

/** Another device is always a moment faster: its edit arrives while ours is on its way. */
async function outrun(ours: Journey, theirs: Journey, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const held = ours.backend.holdNext({ method: 'PATCH' }, { applied: false })
    const patch = ours.until(held.arrived)
    if (i === 0) await ours.db.notes.update('n', { text: 'ours' })
    await patch
    await theirs.synced()
    await theirs.db.notes.update('n', { text: `theirs ${i}` })
    await theirs.settled()
    held.release()
  }
  await ours.settled()
}

type Conflicts = NonNullable<SyncConfig['conflicts']>

/** Two ways never to agree: each device is for itself, by policy or by what its app says. */
const stubborn: [string, Conflicts][] = [
  ['policies', { policy: 'client-wins' }],
  ['resolvers', { policy: 'custom', onConflict: async ({ local }) => local }],
]

async function twoDevices(conflicts: Conflicts) {
  const backend = createBackend({ semantics: goodSemantics({ answersConflicts: true }) })
  const config = { routes, conflicts }
  const ours = await journey({ backend, config })
  await ours.db.notes.add({ id: 'n', text: 'base' })
  await ours.settled()
  const theirs = await journey({ backend, config, seed: 2 })
  await theirs.synced()
  return { ours, theirs, backend }
}

describe.each(stubborn)('two devices with %s that never agree', (_, conflicts) => {
  it('settle five rounds, the sixth is for a person', async () => {
    const { ours, theirs, backend } = await twoDevices(conflicts)
    const heard = eventLog(ours.sync, 'conflict', 'dead-letter')
    await outrun(ours, theirs, 6)
    expect(heard).toEqual(Array(6).fill('conflict'))
    expect(await ours.sync.deadLetters.list()).toEqual([])
    const parked = (await ours.sync.conflicts.list()).filter(({ state }) => state === 'parked')
    expect(parked).toMatchObject([
      { key: 'n', code: 'conflict', fields: ['text'], local: { text: 'ours' }, remote: { text: 'theirs 5' } },
    ])
    expect(backend.rows('notes')).toMatchObject([{ text: 'theirs 5' }])
    await ours.until(ours.sync.conflicts.resolve(parked[0]!.id, 'local'))
    await ours.synced()
    expect(backend.rows('notes')).toMatchObject([{ text: 'ours' }])
    await theirs.synced()
    await expectSameRows(theirs.db, backend)
  })

  it('count the rounds of one change in a row: what was settled counts no more', async () => {
    const { ours, theirs, backend } = await twoDevices(conflicts)
    for (let i = 0; i < 3; i++) {
      await outrun(ours, theirs, 3)
      await ours.synced()
      expect(backend.rows('notes')).toMatchObject([{ text: 'ours' }])
      await theirs.synced()
      await theirs.db.notes.update('n', { text: 'again' })
      await theirs.settled()
      await ours.synced()
    }
    expect((await ours.sync.conflicts.list()).filter(({ state }) => state === 'parked')).toEqual([])
  })
})
