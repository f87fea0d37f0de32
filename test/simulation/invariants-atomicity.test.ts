import type { Key, Row } from '../../src/model/change'
import type { StoreChange } from './history'
import { tryOn } from './invariants/controls'
import { type Planted, planted } from './invariants/planted-history'
import { atomicity } from './invariants/q11-atomicity'

const put = (store: string, key: Key, after: Row): StoreChange => ({ store, key, after })
const gone = (store: string, key: Key, before: Row): StoreChange => ({ store, key, before })

const letter = put('_sync_letters', 'l', { id: 'l', entries: [[1, 0]] })
const marked = (by: string): StoreChange =>
  put('_sync_progress', 1, { seq: 1, marks: { 0: { held: 'dead', by } } })
const conflict = put('_sync_conflicts', 'c', { id: 'c', state: 'parked' })

const fence: Row = { id: 'f', epoch: 1, items: [{ table: 'posts', key: -1, entries: [[1, 0]] }] }
const answered = gone('_sync_fences', 'f', fence)
const done = gone('_sync_log', 1, { seq: 1, changes: [{ kind: 'create', key: -1 }] })
const receipt = (key: Key): StoreChange => put('_sync_records', ['posts', key], { table: 'posts', key })
const alias = put('_sync_aliases', ['posts', -1], { table: 'posts', temporary: -1, key: 7 })

const row = put('posts', 7, { id: 7, updated_at: 20 })
const checkpoint = (at: number): StoreChange =>
  put('_sync_checkpoints', 'posts', { scope: 'posts', value: { keyset: { last: { at } } } })

/** A part of a page that moves no checkpoint. */
const slice = (change: StoreChange, plant = planted()): Planted => {
  plant.committed(change)
  const { commits } = plant.history
  commits.push({ ...commits.pop()!, stores: [change.store, '_sync_checkpoints', '_sync_leader'] })
  return plant
}

/** The app is asked about a conflict. */
const askedWithin = (...stores: string[]): Planted => {
  const plant = planted()
  plant.history.codeCalls.push({ step: 1, owner: 'd0', what: 'onConflict', stores })
  return plant
}

tryOn([
  {
    invariant: atomicity,
    right: {
      'a letter with its mark': planted().committed(letter, marked('l')),
      'a mark of a conflict that is there': planted().committed(conflict).committed(marked('c')),
      'a letter that is kept for somebody who has signed out': planted()
        .committed(letter, marked('l'))
        .committed(
          gone('_sync_letters', 'l', letter.after!),
          put('_sync_meta', 'sealed:ada', { name: 'sealed:ada', letters: [letter.after], conflicts: [] }),
          { ...marked('l'), before: marked('l').after! },
        ),
      'an answer with the state of its record': planted().committed(answered, done, receipt(-1)),
      'an answer that gives the record its key': planted().committed(answered, done, alias, receipt(7)),
      'a request that goes back to waiting': planted().committed(answered).committed(checkpoint(1)),
      'a checkpoint with its last row': planted().committed(row, checkpoint(20)),
      'a checkpoint with its last row, the others before': slice(
        put('posts', 6, { id: 6, updated_at: 10 }),
      ).committed(row, checkpoint(20)),
      'the app is asked outside of transactions': askedWithin(),
      'the app is asked in one of its own': askedWithin('posts'),
      'a checkpoint after its last row, where slices bring that first': slice(
        row,
        planted({ sliced: true }),
      ).committed(checkpoint(20)),
    },
    wrong: {
      'a letter before its mark': planted().committed(letter).committed(marked('l')),
      'a mark before its letter': planted().committed(marked('l')).committed(letter),
      'a mark of another letter': planted().committed(letter, marked('m')),
      'an answer without the state of its record': planted().committed(answered, done).committed(receipt(-1)),
      'an answer with the state of another record': planted().committed(answered, done, receipt(8)),
      'the app is asked in a transaction of sync': askedWithin('posts', '_sync_log'),
      'a checkpoint after its last row': slice(row).committed(checkpoint(20)),
      'a checkpoint after its last row, which was there before its last slices': slice(
        row,
        planted({ sliced: true }),
      )
        .committed(checkpoint(10))
        .committed(checkpoint(20)),
    },
  },
])
