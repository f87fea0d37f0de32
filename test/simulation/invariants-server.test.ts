import { describe, expect, it } from 'vitest'
import type { Row } from '../../src/model/change'
import type { Invariant } from './invariants/invariant'
import { type Planted, planted } from './invariants/planted-history'
import { convergence } from './invariants/q2-convergence'
import { checkpointSoundness } from './invariants/q6-checkpoint'
import { overlap } from './server-weather'

interface Control {
  readonly invariant: Invariant
  /** Histories that keep the promise, and histories that break it. */
  readonly right: Record<string, Planted>
  readonly wrong: Record<string, Planted>
}

const T = 1_000_000

/** A row of this time at the server and none here, and a checkpoint that stands at `T`. */
function passed(time: number, lookback: number, more: Row = {}): Planted {
  const value = { format: 1, strategy: 'keyset', keyset: { last: { at: T }, since: 0, ...more } }
  return planted({ lookback })
    .reached({ device: 'server', key: 1, row: { id: 1, birth: 's1', updated_at: time } })
    .committed({ store: '_sync_checkpoints', key: 'posts', after: { scope: 'posts', value, generation: 1 } })
    .committed({
      store: '_sync_checkpoints',
      key: 'posts',
      after: {
        scope: 'posts',
        value: { ...value, keyset: { last: { at: T - 1_000_000 }, since: 0 } },
        generation: 2,
      },
    })
}

/** A row that is here, and was deleted at the server by a device. */
function deletedBy(by: string, traceless: boolean): Planted {
  const gone = { id: 1, birth: 's1', updated_at: T, deleted_at: 'then' }
  return planted({ traceless })
    .reached({ device: 'server', key: 1, row: { id: 1, birth: 's1', updated_at: 1 } })
    .reached({ device: by, key: 1, method: 'DELETE', row: gone })
    .leftAtServer(gone)
    .left('posts', 1, { id: 1, birth: 's1', updated_at: 1 })
}

const controls: Control[] = [
  {
    invariant: convergence,
    right: { 'a row that others deleted without a trace': deletedBy('d1', true) },
    wrong: {
      'a row that others deleted, with a tombstone': deletedBy('d1', false),
      'a row that this device deleted itself': deletedBy('d0', true),
    },
  },
  {
    invariant: checkpointSoundness,
    right: {
      'a row of the very time, where several have one': passed(T, 1),
      'a row within what is asked again, where rows come to light late': passed(T - 9_000, overlap),
      'one from while the pages came': passed(T - 50_000, overlap, { took: 45_000 }),
      'one from before the end of the run': passed(T - 90_000, overlap, { next: { at: T }, begun: 0 }),
    },
    wrong: {
      'a row of the very time, where each has its own': passed(T, 0),
      'a row of the time before, where several have one': passed(T - 1, 1),
      'a row further back than is asked again': passed(T - 10_000, overlap),
      'one from before the pages came': passed(T - 55_000, overlap, { took: 45_000 }),
    },
  },
]

describe.each(controls)('$invariant.name', ({ invariant, right, wrong }) => {
  it.each(Object.entries(right))('accepts %s', (_, { evidence }) => {
    let judged = 0
    expect(invariant.judge(evidence, () => judged++)).toEqual([])
    expect(judged).toBeGreaterThan(0)
  })

  it.each(Object.entries(wrong))('rejects %s', (_, { evidence }) => {
    expect(invariant.judge(evidence, () => {})).not.toEqual([])
  })
})
