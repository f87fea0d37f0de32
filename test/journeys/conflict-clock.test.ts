import { expect, it } from 'vitest'
import type { SyncConfig } from '../../src/index'
import { expectSameRows, type Journey, journey } from '../support/journey'

type Conflicts = NonNullable<SyncConfig['conflicts']>

/** The time of devices and server in these tests begins here. */
const begin = Date.UTC(2030, 0, 1)

/** A note both changed; the app's own field `edited` says when somebody else did. */
async function disputed(conflicts: Conflicts, edited: unknown): Promise<Journey> {
  const start = await journey({ config: { conflicts } })
  const { db, backend, setOnline, settled, synced } = start
  await db.notes.add({ id: 'n', text: 'base' })
  await settled()
  setOnline(false)
  backend.change('notes', 'n', { text: 'theirs', edited })
  await db.notes.update('n', { text: 'mine' })
  setOnline(true)
  await settled()
  await synced()
  await expectSameRows(db, backend)
  return start
}

const clock = ({ edited }: Record<string, unknown>) => edited as number

it('clock as a function tells when the server changed a row: the later edit stands', async () => {
  const before = await disputed({ policy: 'lww', clock }, begin - 3600_000)
  expect(before.backend.rows('notes')).toMatchObject([{ text: 'mine' }])
  const after = await disputed({ policy: 'lww', clock }, begin + 3600_000)
  expect(after.backend.rows('notes')).toMatchObject([{ text: 'theirs' }])
  expect([...before.tab.reports, ...after.tab.reports]).toEqual([])
})

it.each<[string, () => never]>([
  [
    'throws',
    () => {
      throw new Error('no')
    },
  ],
  ['answers no time', () => 'yesterday' as never],
])('a clock that %s is reported, and the server’s row stands', async (_, broken) => {
  const { backend, tab } = await disputed({ policy: 'lww', clock: broken }, begin)
  expect(backend.rows('notes')).toMatchObject([{ text: 'theirs' }])
  expect(tab.reports).toContainEqual(expect.objectContaining({ code: 'user-code-failed', table: 'notes' }))
})

it('onConflict is told when either side was changed', async () => {
  const asked: unknown[] = []
  const onConflict: Conflicts['onConflict'] = ({ localChangedAt, remoteChangedAt }) => {
    asked.push(localChangedAt, remoteChangedAt)
    return undefined
  }
  await disputed({ policy: 'server-wins', clock: 'edited', onConflict }, begin + 5_000)
  expect(asked).toEqual([expect.any(Number), begin + 5_000])
  expect(Math.abs(Number(asked[0]) - begin)).toBeLessThan(3600_000)
})
