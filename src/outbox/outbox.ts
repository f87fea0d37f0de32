import type { Environment } from '../environment'
import type { AliasMap } from '../keys/alias-map'
import type { Alias } from '../model/alias'
import type { Key, Row, StampedChange, StoredLogRecord } from '../model/change'
import type { EntryRef, Fence, Progress } from '../model/entry'
import { nobodys, type StoredIdentity } from '../model/identity'
import type { RecordState } from '../model/record-state'
import type { Schema } from '../model/schema'
import type { Storage, Tx } from '../storage/transaction'
import { appendRecord, type NewRecord } from './append'
import type { Clock } from './clock'
import { stamped } from './local-times'
import { finish, hold } from './marks'
import { MassDeletes } from './mass-deletes'
import { Older, shapesOf } from './older'
import { type Operation, Operations } from './operations'
import { isFree } from './select'
import { Strangers } from './strangers'
import { recordId, Waiting, type WaitingRecord } from './waiting'

const loaded = ['_sync_log', '_sync_progress', '_sync_fences', '_sync_records', '_sync_aliases']

/** A record that has a row in `_sync_records`. */
export interface KnownState {
  readonly table: string
  readonly key: Key
  /** When it became a receipt; undefined while entries wait. */
  readonly settledAt: number | undefined
  readonly tombstone: boolean
  readonly version: number
}

/**
 * The outbox as the leader sees it: the log on disk, and in memory what waits, what is on its way, and which records
 * have a state of their own. Every transaction of push and pull reads the log's tail first ({@link readTail}), so what
 * the app wrote meanwhile is always seen.
 */
export class Outbox {
  readonly waiting: Waiting
  /** Requests committed and not settled, by Idempotency-Key. */
  readonly fences = new Map<string, Fence>()
  /** Records with a row in `_sync_records`. */
  readonly states = new Map<string, KnownState>()
  #stateVersion = 0
  /** Records with a row of the server in their state that is still to be brought together with their changes. */
  readonly #incoming = new Map<string, Pick<RecordState, 'table' | 'key'>>()
  readonly massDeletes = new MassDeletes()
  readonly #storage: Storage
  readonly #aliases: AliasMap
  readonly #env: Pick<Environment, 'now' | 'uuid'>
  readonly #clock: Clock
  readonly #operations: Operations
  readonly #read: number[] = []
  readonly #schema: Schema
  #appended = false
  readonly older: Older
  /** What others have written here. */
  readonly strangers: Strangers

  /** `owner`: whose data the database holds. */
  constructor(
    storage: Storage,
    aliases: AliasMap,
    env: Pick<Environment, 'now' | 'uuid'>,
    clock: Clock,
    schema: Schema,
    owner: Pick<StoredIdentity, 'identity' | 'since'> = nobodys,
  ) {
    this.#storage = storage
    this.#env = env
    this.#clock = clock
    this.#schema = schema
    this.older = new Older(schema)
    this.strangers = new Strangers(owner)
    this.#aliases = aliases
    this.#operations = new Operations(storage, aliases)
    this.waiting = new Waiting(aliases, schema)
  }

  /** Reads primary keys out of rows of a table. */
  keyReader(table: string): (row: Row) => Key {
    return this.#storage.keyReader(table)
  }

  /** Reads everything that waits, at the begin of a term. */
  async load(): Promise<void> {
    await this.#storage.read(loaded, async (tx) => {
      // Messages may be lost: what other leaders renamed is known from disk alone.
      this.#aliases.renew(await tx.scan<Alias>('_sync_aliases'))
      const progress = await tx.scan<Progress>('_sync_progress')
      const marks = new Map(progress.map((row) => [row.seq, row]))
      for (const state of await tx.scan<RecordState>('_sync_records')) this.noteState(state)
      for (;;) {
        const records = await this.#tail(tx, 1000)
        for (const record of records) this.#take(record, marks.get(record.seq))
        if (records.length < 1000) break
      }
      for (const fence of await tx.scan<Fence>('_sync_fences')) this.noteFence(fence)
    })
  }

  /** Takes in what the app has written meanwhile. */
  refresh(): Promise<void> {
    return this.#storage.read(['_sync_log'], (tx) => this.readTail(tx))
  }

  /**
   * Takes in what was appended here since the log was last read, and answers whether there was any: what goes again after
   * a conflict would be waiting on disk alone, uncounted and unsent.
   */
  async catchUp(): Promise<boolean> {
    if (!this.#appended) return false
    await this.refresh()
    return true
  }

  /** Takes in what was written to the log since it was last read. First step of every transaction of ours. */
  async readTail(tx: Tx): Promise<void> {
    this.#appended = false
    for (;;) {
      const records = await this.#tail(tx, 500)
      for (const record of records) this.#take(record)
      if (records.length < 500) return
    }
  }

  #tail(tx: Tx, limit: number): Promise<StoredLogRecord[]> {
    return tx.scan<StoredLogRecord>('_sync_log', { lower: this.waiting.seen, lowerOpen: true }, limit)
  }

  #take(record: StoredLogRecord, progress?: Progress): void {
    if (record.seq <= this.waiting.seen) return // two transactions read the same tail
    if (this.strangers.take(record)) {
      this.waiting.skip(record.seq)
      return
    }
    // Whoever replaced entries may have written the state of their record.
    for (const ref of record.replaces ?? []) {
      const replaced = this.waiting.recordOf(ref)
      if (replaced) this.#noteRewritten(replaced)
    }
    this.waiting.take(record, progress)
    this.older.take(record, progress)
    // What newer code deletes is for newer code to ask about.
    if (!shapesOf(record, this.#schema).includes('newer')) this.massDeletes.take(record, progress)
    this.#operations.take(record)
    if (record.changes.length === 0) this.#read.push(record.seq)
    // Whoever replaced entries may have written the record's state.
    if (record.replaces)
      for (const { key } of record.changes) this.#noteRewritten({ table: record.table, key })
    for (const key of record.states ?? []) this.#noteRewritten({ table: record.table, key })
  }

  /** Removes records that only said what another tab did. For the leader alone: the next one must read them as well. */
  async sweep(tx: Tx): Promise<void> {
    await tx.remove('_sync_log', this.#read.splice(0))
  }

  /** The changes of some entries, in the order given. */
  async changes(refs: readonly EntryRef[], tx?: Tx): Promise<StampedChange[]> {
    return (await this.operations(refs, tx)).map(({ record, change }) => stamped(record, change))
  }

  /** As {@link changes}, each with its op id. */
  operations(refs: readonly EntryRef[], tx?: Tx): Promise<Operation[]> {
    return this.#operations.read(refs, tx)
  }

  /** Records of the log were migrated: they are as here now, and changes of `refs` have the shape of this code. */
  migrated(records: readonly StoredLogRecord[], refs: readonly EntryRef[]): void {
    for (const record of records) this.#operations.renew(record)
    this.waiting.migrated(refs)
  }

  noteState({ table, key, settledAt, tombstone, incoming, parked }: RecordState): void {
    this.#noteRewritten({ table, key }, settledAt, tombstone)
    // A row from before sync that is parked waits for a person, and so does what is done to it since.
    if (incoming && parked === undefined) this.#incoming.set(recordId(table, key), { table, key })
    else this.#incoming.delete(recordId(table, key))
  }

  /** Another tab may have written it; whether a row of the server is kept in it is looked up when it matters. */
  #noteRewritten(
    { table, key }: Pick<RecordState, 'table' | 'key'>,
    settledAt?: number,
    tombstone = false,
  ): void {
    this.#stateVersion += 1
    this.states.set(recordId(table, key), { table, key, settledAt, tombstone, version: this.#stateVersion })
  }

  forgetState(table: string, key: Key): void {
    this.states.delete(recordId(table, key))
    this.#incoming.delete(recordId(table, key))
  }

  /** True for a record that is to be decided before its changes may leave: nothing of it was sent or is held. */
  isUndecided({ id, entries }: WaitingRecord): boolean {
    return this.#incoming.has(id) && entries.every((one) => isFree(one) && !this.massDeletes.has(one.ref))
  }

  undecided(): WaitingRecord[] {
    return [...this.#incoming.values()].flatMap(({ table, key }) => {
      const record = this.of(table, key)
      return record && this.isUndecided(record) ? [record] : []
    })
  }

  hasState(table: string, key: Key): boolean {
    return this.states.has(recordId(table, key))
  }

  /** How many states were written in this term, whichever: those of later ones are above it. */
  get statesWritten(): number {
    return this.#stateVersion
  }

  /** Changes whenever the record's state is written: what was prepared on an older one is prepared again (I13). */
  stateVersion(table: string, key: Key): number {
    return this.states.get(recordId(table, key))?.version ?? 0
  }

  /** The states of some records, by place; reads only those that have one. */
  async readStates(
    tx: Tx,
    records: readonly { readonly table: string; readonly key: Key }[],
  ): Promise<(RecordState | undefined)[]> {
    const known = records.filter(({ table, key }) => this.hasState(table, key))
    const rows = await tx.getMany<RecordState>(
      '_sync_records',
      known.map(({ table, key }) => [table, key]),
    )
    const found = new Map(known.map((record, i) => [record, rows[i]]))
    return records.map((record) => found.get(record))
  }

  noteFence(fence: Fence): void {
    this.fences.set(fence.id, fence)
    this.waiting.fence(fence)
  }

  forgetFence(fence: Fence): void {
    this.fences.delete(fence.id)
    this.waiting.unfence(fence)
  }

  /** Marks entries done within `tx`; call the answer once it has committed. */
  async finish(tx: Tx, refs: readonly EntryRef[]): Promise<() => void> {
    if (refs.length > 0)
      await finish(
        tx,
        refs,
        (seq) => this.waiting.sizeOf(seq),
        (seq) => this.waiting.mayBeMarked(seq),
      )
    return () => this.waiting.remove(refs)
  }

  /** Holds entries for a person within `tx`; call the answer once it has committed. */
  async hold(tx: Tx, refs: readonly EntryRef[], held: 'dead' | 'parked', by: string): Promise<() => void> {
    await hold(tx, refs, { held, by })
    return () => this.waiting.hold(refs, { held, by })
  }

  /** Appends a record of our own within `tx`; the next {@link readTail} takes it in. */
  append(tx: Tx, record: NewRecord): Promise<number> {
    this.#appended = true
    return appendRecord(tx, record, this.#env, this.#clock, this.#schema.version())
  }

  /** The waiting record of a key, by its key here. */
  of(table: string, key: Key): WaitingRecord | undefined {
    return this.waiting.of(table, key)
  }
}
