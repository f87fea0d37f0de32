import type { Key, Row } from '../../src/model/change'

/** Everything a run has done that an invariant may ask about, in the order it happened. Plain data. */
export interface History {
  /** The writes of the app, by write id. */
  readonly writes: Map<string, UserWrite>
  /** Every committed read-write transaction of every device. */
  readonly commits: Commit[]
  /** Every effect at the server, in commit order. */
  readonly effects: Effect[]
  /** Every request that left a tab. */
  readonly requests: SentRequest[]
  /** What `whenPushed` was asked, and what it said. */
  readonly promises: PushPromise[]
  /** What `check` was asked, and what it found. */
  readonly checks: CheckMoment[]
  /** Tabs whose engine was stopped, and what of it was left at that moment. */
  readonly stops: StopMoment[]
  /** What the app's `onConflict` was asked, and what it ruled. */
  readonly rulings: RulingMoment[]
  /** The functions of the app that the library has called. */
  readonly codeCalls: CodeCall[]
  /** What people gave up: the app discarded a dead letter. */
  readonly givenUp: GivenUp[]
  /** Who was signed out, and all that waited of theirs given up. */
  readonly signedOut: SignedOut[]
  /** Devices whose storage was evicted: with it went what they had not sent. From then on they are others. */
  readonly evicted: string[]
  /** How the clocks of devices were set: the first of each device tells how it was at first. */
  readonly clocks: ClockMoment[]
  /** What happened to tabs. */
  readonly tabs: TabMoment[]
  /** Transactions that were rolled back, for want of room or as their connection was lost. */
  readonly rollbacks: RollbackMoment[]
  /** Errors nobody waited for: what the engine reported, and unhandled rejections. */
  readonly errors: string[]
}

/**
 * One write of one row by the app. Its id is inside every value it writes, so what became of it can be read off any
 * row, request or entry.
 */
export interface UserWrite {
  readonly id: string
  readonly device: string
  readonly tab: string
  /** Who was logged in; absent where somebody else came while it was written: it is either's. */
  user?: string
  readonly table: string
  readonly kind: 'create' | 'update' | 'delete'
  /** The id of the write that created the record: names a record over all keys and devices. */
  readonly birth: string
  /** What it wrote: field names. Empty for a delete. */
  readonly fields: readonly string[]
  readonly step: number
  /**
   * `acknowledged`: the transaction promise resolved in a living tab. `unknown`: the tab was killed before.
   * `rolled-back`: the app was told that the storage failed. `undone`: it was acknowledged, and the power failed before
   * it was on disk.
   */
  state: 'unknown' | 'acknowledged' | 'failed' | 'rolled-back' | 'undone'
}

export interface Commit {
  readonly step: number
  /** Virtual ms since the run began. */
  readonly at: number
  readonly device: string
  readonly tab: string
  /** The stores its transaction was opened on. */
  readonly stores: readonly string[]
  /** The records that differ from before, in the order of stores. */
  readonly changes: readonly StoreChange[]
}

export interface StoreChange {
  readonly store: string
  readonly key: Key
  /** Absent: there was none. */
  readonly before?: Row
  /** Absent: it is gone. */
  readonly after?: Row
}

export interface Effect {
  readonly step: number
  /** Virtual ms since the run began. */
  readonly at: number
  /** The device whose request it was; `server` for other systems. */
  readonly device: string
  /** Whose token it came with. */
  readonly user: string
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly table: string
  readonly key: Key
  readonly idempotencyKey?: string
  /** The row at the server before; absent for an insert. */
  readonly before?: Row
  /** The row (or tombstone) at the server afterwards. */
  readonly row: Row
  /** The fields the request carried. */
  readonly sent: Row
}

export interface SentRequest {
  readonly device: string
  readonly tab: string
  readonly method: string
  /** Path without the origin: names a record, or a collection. */
  readonly path: string
  readonly idempotencyKey?: string
  /** The value of `birth` in the body of a create. */
  readonly birth?: string
  readonly sentAt: number
  /** Virtual ms since the run began, as are all that end in Time. */
  readonly sentTime: number
  /** Status the server itself has answered with, whatever came of that on the way. */
  answered?: number
  /** Step at which its fetch settled or its tab was gone; absent: in flight at the end. */
  endedAt?: number
  /** Status of the answer, or how it failed. */
  ended?: string
  endedTime?: number
  /** The answer that arrived asks to be left alone for so long, ms, and says so in a way that needs no clock. */
  askedFor?: number
  /** It was answered with the end of a list. */
  whole?: boolean
  /** Its answer told what time it is at the server. */
  tellsTime?: true
}

export interface PushPromise {
  readonly device: string
  readonly tab: string
  readonly table: string
  /** Names the record over all keys. */
  readonly birth: string
  readonly askedAt: number
  /** The record was here under two keys: pulled under its real one, while nobody knew whether its create had arrived. */
  readonly twiceHere?: true
  /** Step at which it settled; absent: not yet. */
  settledAt?: number
  /** `accepted` and so on, or the code it was rejected with. */
  outcome?: string
}

export interface CheckMoment {
  readonly device: string
  readonly tab: string
  readonly askedAt: number
  /** The faults are over and nothing moves any more. */
  readonly atRest: boolean
  /** What does not fit, one sentence each; absent: it has not answered. */
  found?: readonly string[]
}

export interface RulingMoment {
  readonly table: string
  /** The three rows it was asked about. */
  readonly base: Row | null | undefined
  readonly local: Row | null
  readonly remote: Row | null
  /** Undefined: it had nothing to say, or nothing that can be used. */
  readonly ruling: Row | null | 'local' | 'remote' | undefined
}

export interface CodeCall {
  readonly step: number
  /** The tab; in a transaction the device, whose storage goes on. */
  readonly owner: string
  readonly what: 'onConflict' | 'getHeaders' | 'onAuthError' | 'route'
  /** The stores of the transaction it was called in; none outside of all. */
  readonly stores: readonly string[]
}

export interface StopMoment {
  readonly step: number
  readonly tab: string
  /** How much is still there, by kind; 0 of everything where it stopped well. */
  readonly left: Readonly<Record<string, number>>
}

export interface GivenUp {
  /** Until when: what was changed while it went on went with the letter. */
  step: number
  readonly device: string
  readonly table: string
  /** Undefined: the letter’s record never had a row. */
  readonly birth: string | undefined
}

export interface SignedOut {
  /** Until when: what was written while it went on went with the rest. */
  step: number
  readonly device: string
  /** Undefined: the data was nobody's yet. */
  readonly user: string | undefined
}

export interface ClockMoment {
  readonly step: number
  readonly device: string
  /** How far it is off from then on, ms. */
  readonly skew: number
}

export interface RollbackMoment {
  readonly step: number
  readonly tab: string
}

export interface TabMoment {
  readonly step: number
  readonly device: string
  readonly tab: string
  readonly what: 'opened' | 'killed' | 'killed-in-transaction' | 'stopped' | 'second-leader' | 'lock-stolen'
}

/** What is left at the end, as plain data. */
export interface Stores {
  /** Store contents by device, then by store name. */
  readonly devices: ReadonlyMap<string, ReadonlyMap<string, readonly StoredRecord[]>>
  /** Rows of the server, tombstones included, by table. */
  readonly server: ReadonlyMap<string, readonly Row[]>
}

export interface StoredRecord {
  readonly key: Key
  readonly value: Row
}

export function emptyHistory(): History {
  return {
    writes: new Map(),
    commits: [],
    effects: [],
    requests: [],
    promises: [],
    checks: [],
    stops: [],
    rulings: [],
    codeCalls: [],
    givenUp: [],
    signedOut: [],
    evicted: [],
    clocks: [],
    rollbacks: [],
    tabs: [],
    errors: [],
  }
}
