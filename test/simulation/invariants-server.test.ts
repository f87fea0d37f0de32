import type { Row } from '../../src/model/change'
import type { StoreChange } from './history'
import { type Control, tryOn } from './invariants/controls'
import { captured, entry, type Planted, planted } from './invariants/planted-history'
import { nothingLost } from './invariants/q1-nothing-lost'
import { convergence } from './invariants/q2-convergence'
import { noDuplicates } from './invariants/q3-no-duplicates'
import { checkpointSoundness } from './invariants/q6-checkpoint'
import { quiet } from './invariants/q15-quiet'
import { keptFor } from './server-keys'
import { overlap } from './server-weather'

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

const made: Row = { birth: 'w1', title: 'w1', body: 'w1' }

/** A row that was made and deleted here, and is at the server all the same. */
const undeleted = () =>
  planted()
    .wrote({ id: 'w1' })
    .committed(...captured(-1, made))
    .wrote({ id: 'w3', kind: 'delete', birth: 'w1', fields: [] })
    .committed(
      { store: 'posts', key: -1, before: made },
      { store: '_sync_log', key: 3, after: entry({ kind: 'delete', key: -1, before: made }) },
    )
    .reached({ key: 1, row: { ...made, id: 1 } })
    .leftAtServer({ ...made, id: 1 })

/** A create twice, under two keys; what became of the conflict in between. */
function madeAgain(before: Row, after: Row): Planted {
  return planted()
    .reached({ key: 1, row: made, idempotencyKey: 'k1' })
    .committed({ store: '_sync_conflicts', key: 'c', before: { ...before, local: made }, after })
    .reached({ key: 2, row: made, idempotencyKey: 'k2' })
}

const inDoubt = { code: 'unknown-outcome', state: 'parked' }
const decided = { code: 'unknown-outcome', state: 'decided' }

/** A row written as it was, twice, with another change beside it. */
const rewritten = (beside: StoreChange) => {
  const change = { store: 'posts', key: 1, before: made, after: made }
  return planted().committed(change, beside).committed(change, beside).committed()
}

/** The same create twice under one key, `later` ms after the first; in between a dead letter goes again. */
function twice(later: number, letter: string): Planted {
  const effect = { key: 1, row: made, idempotencyKey: 'k' }
  return planted()
    .reached({ ...effect, at: 0 })
    .committed({ store: '_sync_letters', key: letter, before: {} })
    .reached({ ...effect, key: 2, at: later })
}

const controls: Control[] = [
  {
    invariant: noDuplicates,
    right: {
      'a dead letter sent again when its key is forgotten': twice(keptFor + 9, 'k'),
      'a create in doubt that a person had sent again': madeAgain(inDoubt, decided),
    },
    wrong: {
      'a create in doubt that nobody decided on': madeAgain(inDoubt, inDoubt),
      'a conflict of another kind': madeAgain({ ...inDoubt, code: 'existing-row' }, decided),
      'a dead letter sent again while its key is known': twice(keptFor - 9, 'k'),
      'a create sent again when its key is forgotten': twice(keptFor + 9, 'another'),
    },
  },
  {
    invariant: nothingLost,
    right: {
      'a deletion of what may or may not have been made': undeleted().committed({
        store: '_sync_conflicts',
        key: 'c',
        after: { code: 'unknown-outcome', state: 'parked', local: made },
      }),
    },
    wrong: {
      'a deletion of what was made': undeleted(),
      'a deletion of what was made, with another in doubt': undeleted().committed({
        store: '_sync_conflicts',
        key: 'c',
        after: { code: 'unknown-outcome', state: 'parked', local: { birth: 'w9', title: 'w9' } },
      }),
    },
  },
  {
    invariant: quiet,
    right: { 'an answer that is refused again': rewritten({ store: '_sync_fences', key: 'f', before: {} }) },
    wrong: { 'a page': rewritten({ store: '_sync_fences', key: 'f', after: {} }) },
  },
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

tryOn(controls)
