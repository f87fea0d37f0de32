import fc from 'fast-check'
import { expect, it } from 'vitest'
import { noTallies } from '../../src/status/tally'
import { secondTab } from '../hostile/second-tab'
import { expectSameRows, type Journey, journey } from '../support/journey'

const minutes = 60_000
const far = Number.MAX_SAFE_INTEGER
const reason = { code: 'timeout', at: 1 } as const
const status = {
  pushing: true,
  pulling: true,
  paused: true,
  pausedTables: ['notes', 'posts'],
  signedOut: true,
  identityChanged: true,
  unreachable: true,
  hasSynced: true,
  lastSyncedAt: far,
  error: reason,
}
const counts = { pending: 0, deadLetters: far, conflicts: far }

/** Messages in the very form tabs use, of which nothing is true. */
const lies: readonly Record<string, unknown>[] = [
  { kind: 'wake', tables: ['notes', '__proto__', 'nothing'], held: true },
  {
    kind: 'status',
    epoch: far,
    status,
    counts,
    pulledAt: { notes: far, __proto__: 1 },
    tallies: noTallies(5),
  },
  { kind: 'ask-status', stale: ['notes', 'constructor'] },
  { kind: 'call', id: '1', name: 'syncTable', argument: { toString: 1 } },
  { kind: 'call', id: '2', name: 'resync', argument: '__proto__' },
  { kind: 'call', id: '3', name: 'pauseTable', argument: 'constructor' },
  { kind: 'call', id: '4', name: 'resumeTable', argument: null },
  { kind: 'heard', id: '1' },
  { kind: 'answer', id: '1', value: { pushed: far } },
  { kind: 'failure', id: '1', error: { code: 'signed-out' } },
  { kind: 'ping', id: '1' },
  { kind: 'pong', id: '1', epoch: far },
  { kind: 'leader', epoch: far },
  { kind: 'vacated', epoch: far },
  {
    kind: 'event',
    event: { name: 'key-assigned', data: { table: 'notes', temporary: 'mine', key: 'other' } },
  },
  { kind: 'event', event: { name: 'leader-change', data: { epoch: far } } },
  { kind: 'event', event: { name: 'auth-required', data: { reason } } },
  {
    kind: 'event',
    event: { name: 'sync-complete', data: { pushed: far, pulled: 0, conflicts: 0, failed: 0, duration: 1 } },
  },
  { kind: 'event', event: { name: 'storage-error', data: { reason } } },
].map((lie) => ({ v: 1, from: 'nobody', ...lie }))

const polluted = JSON.parse(
  '{"v":1,"from":"x","kind":"wake","tables":[],"held":false,"__proto__":{"isAdmin":true}}',
)
const huge = 'x'.repeat(200_000)
const monsters: readonly unknown[] = [
  polluted,
  { ...lies[0], tables: Array(10_000).fill('notes') },
  { ...lies[0], from: huge },
  { v: 1, from: 'x', kind: 'ping', id: huge },
  { v: 1, from: 'x', kind: huge },
  { v: 1, from: 'x', kind: '__proto__' },
  { v: 1, from: 'x', kind: 'constructor' },
  { v: 0, from: 'x', kind: 'vacated', epoch: far },
  { v: 2, from: 'x', kind: 'vacated', epoch: far },
  { v: '1', from: 'x', kind: 'vacated', epoch: far },
  { v: 1, from: 'x', kind: 'vacated', epoch: Number.POSITIVE_INFINITY },
  {
    v: 1,
    from: 'x',
    kind: 'event',
    event: JSON.parse('{"name":"stale","data":{"table":"__proto__","age":1,"__proto__":{"isAdmin":true}}}'),
  },
  new Map([['kind', 'vacated']]),
  new Uint8Array(200_000),
  null,
  undefined,
  Number.NaN,
]

/** The same messages for the same seed: garbage, ours with one value broken, monsters, and with `lies` lies. */
function hostile(count: number, withLies: boolean): unknown[] {
  const garbage = fc.anything({
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withNullPrototype: true,
  })
  const broken = fc.tuple(fc.constantFrom(...lies), fc.nat(), garbage).map(([lie, place, value]) => {
    const fields = Object.keys(lie)
    return { ...lie, [fields[place % fields.length]!]: value }
  })
  const kinds = [
    garbage,
    broken,
    fc.constantFrom(...monsters),
    ...(withLies ? [fc.constantFrom(...lies)] : []),
  ]
  return fc.sample(fc.oneof(...kinds), { numRuns: count, seed: 19 })
}

async function assailed(here: Journey, messages: readonly unknown[]): Promise<void> {
  const channel = here.device.bus.open({}, `dexie-rest-sync:${here.db.name}`)
  for (const [at, message] of messages.entries()) {
    channel.post(message)
    if (at % 100 === 0) await here.device.settle()
  }
  await here.device.settle()
  await channel.close()
}

async function twoTabs() {
  const here = await journey()
  await here.db.notes.bulkAdd([
    { id: 'mine', text: 'mine' },
    { id: 'other', text: 'other' },
  ])
  await here.settled()
  return { here, there: await secondTab(here) }
}

it('S19 a thousand messages of garbage change nothing in any tab', async () => {
  const { here, there } = await twoTabs()
  const known = [here.sync.getStatus(), there.sync.getStatus()]
  await assailed(
    here,
    hostile(1_000, false).filter((message) => !lies.includes(message as never)),
  )
  const now = [here.sync.getStatus(), there.sync.getStatus()]
  expect(now.map(({ pending, deadLetters, state }) => [pending, deadLetters, state])).toEqual(
    known.map(({ pending, deadLetters, state }) => [pending, deadLetters, state]),
  )
  expect([...here.tab.reports, ...there.tab.reports]).toEqual([])
  expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined()
})

it('S19 lies in the right form cost time, and no write: what is written meanwhile and after arrives once', async () => {
  const { here, there } = await twoTabs()
  const writing = (async () => {
    for (let at = 0; at < 20; at++) {
      await here.db.notes.add({ id: `a${at}`, text: 'x' })
      await there.db.posts.add({ title: `b${at}` })
    }
  })()
  await assailed(here, hostile(500, true))
  await here.until(writing)
  expect(await here.db.notes.get('mine'), 'a row is found under its own key').toMatchObject({ text: 'mine' })
  await there.db.notes.update('mine', { text: 'changed after' })
  await here.device.advance(10 * minutes)
  expect(here.backend.rows('notes').find(({ id }) => id === 'mine')).toMatchObject({ text: 'changed after' })
  expect(
    here.backend
      .rows('posts')
      .map(({ title }) => title)
      .sort(),
  ).toEqual(Array.from({ length: 20 }, (_, at) => `b${at}`).sort())
  await expectSameRows(here.db, here.backend)
  await expectSameRows(there.db, here.backend)
  expect([...here.tab.reports, ...there.tab.reports]).toEqual([])
})
