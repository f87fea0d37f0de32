import { describe, expect, it } from 'vitest'
import { calm } from './calm'
import { tryOn } from './invariants/controls'
import { captured, device, type Planted, planted } from './invariants/planted-history'
import { nothingLost } from './invariants/q1-nothing-lost'
import { fencing } from './invariants/q10-fencing'
import { startLibrary } from './library'
import type { Action, Operation } from './operations'
import { runCase } from './run'
import { nobody } from './storage'

const place = { device: 0, tab: 0 }
const ids = ['w0', 'w1', 'w2']
const write: Action = { ...place, kind: 'add-thread', ids, explicit: true, poisoned: false }
const offline: Action = { kind: 'offline', device: 0, lasting: 60_000 }
const loss: Action = { ...place, kind: 'power-loss', commits: 16, reopenAfter: 50 }

describe('a device that loses what it has stored', { timeout: 60_000 }, () => {
  const run = (...operations: Operation[]) =>
    runCase({ seed: 1, config: calm, operations }, { startEngine: startLibrary })

  it('by a failure of the power has never made what was not on disk', async () => {
    const report = await run({ ...offline, at: 900 }, { ...write, at: 1_000 }, { ...loss, at: 2_000 })
    expect(report).toMatchObject({ failures: [], effects: 0, faults: { 'power-loss': 1 } })
    expect(report.writes.acknowledged).toBe(0)
  })

  it('by a failure of the power keeps what had left', async () => {
    const report = await run({ ...write, at: 1_000 }, { ...loss, at: 9_000 })
    expect(report).toMatchObject({ failures: [], effects: 3, writes: { acknowledged: 3 } })
  })

  it('by eviction loses what it had not sent, and nothing else', async () => {
    const evict: Action = { ...place, kind: 'evict', reopenAfter: 50 }
    const unsent = await run({ ...offline, at: 900 }, { ...write, at: 1_000 }, { ...evict, at: 2_000 })
    expect(unsent).toMatchObject({ failures: [], effects: 0, faults: { evict: 1 } })
    const sent = await run({ ...write, at: 1_000 }, { ...evict, at: 9_000 })
    expect(sent).toMatchObject({ failures: [], effects: 3 })
  })

  it('by the loss of its checkpoints asks for everything anew', async () => {
    const report = await run({ ...write, at: 1_000 }, { ...place, kind: 'lose-checkpoints', at: 9_000 })
    expect(report).toMatchObject({ failures: [], effects: 3, faults: { 'lose-checkpoints': 1 } })
  })
})

const row = { birth: 'w1', title: 'w1' }
const unsent = (): Planted =>
  planted()
    .wrote({ id: 'w2' })
    .wrote({ id: 'w1' })
    .committed(...captured(-1, row))
    .reached({ key: 2, row: { birth: 'w2', title: 'w2' } })
const gone = { store: '_sync_checkpoints', key: 'posts', before: { scope: 'posts' } }

/** What the power undid, and what went with an evicted device. */
const undone = (): Planted => {
  const plant = planted()
    .wrote({ id: 'w1', state: 'undone' })
    .wrote({ id: 'w3' })
    .committed(...captured(1, { birth: 'w3', title: 'w3' }))
    .reached({ key: 1, row: { birth: 'w3', title: 'w3' } })
  return plant
}
const evicted = (name: string): Planted => {
  const plant = unsent()
  plant.history.evicted.push(name)
  plant.history.writes.set('w4', {
    ...plant.history.writes.get('w1')!,
    id: 'w4',
    device: 'd9',
    state: 'failed',
  })
  return plant
}

tryOn([
  {
    invariant: nothingLost,
    right: { 'a write that the power undid': undone() },
    wrong: { 'a write of a device that was not evicted': evicted('d7'), 'a write that is nowhere': unsent() },
  },
  {
    invariant: fencing,
    right: {
      'checkpoints that somebody removed': unsent()
        .committedBy(nobody, gone)
        .committedBy('d0/t0#0', {
          store: '_sync_leader',
          key: 'leader',
          after: { name: 'leader', epoch: 1 },
        }),
    },
    wrong: { 'checkpoints that a tab removed which does not lead': unsent().committedBy('d0/t9#9', gone) },
  },
])

it('nothing is owed of what was evicted', () => {
  expect(nothingLost.judge(evicted(device).evidence, () => {})).toEqual([])
})
