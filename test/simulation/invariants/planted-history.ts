import type { Key, Row } from '../../../src/model/change'
import {
  type Commit,
  type Effect,
  emptyHistory,
  type History,
  type StoreChange,
  type UserWrite,
} from '../history'
import { fairServer } from '../server-weather'
import type { Evidence } from './invariant'

/** Histories written by hand, one device and one table unless said otherwise: what invariants are tried on. */
export interface Planted {
  readonly evidence: Evidence
  readonly history: History
  /** A write of the app, acknowledged. */
  wrote(write: Partial<UserWrite> & Pick<UserWrite, 'id'>): Planted
  /** A committed transaction of the tab. */
  committed(...changes: StoreChange[]): Planted
  committedBy(tab: string, ...changes: StoreChange[]): Planted
  reached(effect: Partial<Effect> & Pick<Effect, 'key' | 'row'>): Planted
  /** What a store of the device holds at the end. */
  left(store: string, key: Key, value: Row): Planted
  leftAtServer(row: Row): Planted
}

export const device = 'd0'
export const tab = 'd0/t0#0'

/** `world`: what is otherwise than in a world in which nothing goes wrong. */
export function planted(world: Partial<Evidence> = {}): Planted {
  const history = emptyHistory()
  const stores = new Map<string, { key: Key; value: Row }[]>()
  const rows: Row[] = []
  let step = 0
  const evidence: Evidence = {
    history,
    stores: { devices: new Map([[device, stores]]), server: new Map([['posts', rows]]) },
    idempotent: true,
    lookback: 0,
    polls: 1,
    traceless: false,
    clientKeys: new Set(),
    unordered: new Set(),
    conflicts: {},
    asks: false,
    serverWeather: fairServer,
    sliced: false,
    ...world,
  }
  const self: Planted = {
    evidence,
    history,
    wrote(write) {
      history.writes.set(write.id, {
        device,
        tab,
        user: 'ada',
        table: 'posts',
        kind: 'create',
        birth: write.id,
        fields: ['title'],
        step: ++step,
        state: 'acknowledged',
        ...write,
      })
      return self
    },
    committed: (...changes) => self.committedBy(tab, ...changes),
    committedBy(by, ...changes) {
      const stores = [...new Set(changes.map(({ store }) => store))]
      const commit: Commit = { step: ++step, at: step, device, tab: by, stores, changes }
      history.commits.push(commit)
      return self
    },
    reached(effect) {
      history.effects.push({
        step: ++step,
        at: step,
        device,
        user: 'ada',
        method: 'POST',
        table: 'posts',
        sent: effect.row,
        ...effect,
      })
      return self
    },
    left(store, key, value) {
      stores.set(store, [...(stores.get(store) ?? []), { key, value }])
      return self
    },
    leftAtServer(row) {
      rows.push(row)
      return self
    },
  }
  return self
}

/** The row and the entry a well-captured create commits. */
export function captured(key: Key, row: Row): StoreChange[] {
  return [
    { store: 'posts', key, after: row },
    { store: '_sync_log', key: 1, after: entry({ kind: 'create', key, row }) },
  ]
}

export function entry(change: Row): Row {
  return { seq: 1, format: 1, table: 'posts', changes: [change] }
}
