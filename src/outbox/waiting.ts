import type { AliasMap } from '../keys/alias-map'
import { keyText } from '../keys/key-text'
import type { Change, ChangeKind, Key, StoredLogRecord } from '../model/change'
import type { EntryRef, Fence, Mark, Progress } from '../model/entry'
import type { Schema, Shape } from '../model/schema'
import { shapesOf } from './older'

/** One waiting change, in memory: where it is, not what it holds. */
export interface WaitingEntry {
  readonly ref: EntryRef
  readonly kind: ChangeKind
  readonly at: number
  /** Held for a person, with the id of the dead letter or conflict. */
  held?: { readonly held: 'dead' | 'parked'; readonly by: string }
  /** The Idempotency-Key of the request that carries it. */
  fence?: string
  /** Of other code than the running one: until it is migrated, or at all, nothing is done with it. */
  shape?: Shape
  /** Leaves in a request of its own. */
  apart?: true
  /** A create that may have arrived before: a person has it sent again. */
  again?: true
}

/** A record with waiting changes, oldest first. */
export interface WaitingRecord {
  readonly id: string
  readonly table: string
  readonly key: Key
  entries: WaitingEntry[]
}

/** Names a record in maps. */
export function recordId(table: string, key: Key): string {
  return `${table} ${keyText(key)}`
}

/**
 * What waits, as the leader holds it in memory: which records, which of their changes, held or sent. Follows the log's
 * tail; a change leaves when it is done. Keys only, so a hundred thousand waiting changes fit.
 */
export class Waiting {
  /** The last record of the log taken in. */
  seen = 0
  readonly #records = new Map<string, WaitingRecord>()
  /** By log record: the record id of each change that is not done. */
  readonly #open = new Map<number, Map<number, string>>()
  readonly #sizes = new Map<number, number>()
  readonly #aliases: AliasMap
  readonly #schema: Schema
  #count = 0
  #heldCount = 0

  constructor(aliases: AliasMap, schema: Schema) {
    this.#aliases = aliases
    this.#schema = schema
  }

  /** Passes over a record of the log that is not for us. */
  skip(seq: number): void {
    this.seen = Math.max(this.seen, seq)
  }

  /** Changes that are not done, held ones included. */
  get count(): number {
    return this.#count
  }

  /** Changes that wait or are on their way; held ones wait for a person, not for the server. */
  freeCount(): number {
    return this.#count - this.#heldCount
  }

  /** Records in the order in which their oldest change was made. */
  records(): IterableIterator<WaitingRecord> {
    return this.#records.values()
  }

  of(table: string, key: Key): WaitingRecord | undefined {
    return this.#records.get(recordId(table, this.#aliases.resolve(table, key)))
  }

  /** How many changes a log record had. */
  sizeOf(seq: number): number | undefined {
    return this.#sizes.get(seq)
  }

  /** False where it is known that no change of a log record was ever done or held. */
  mayBeMarked(seq: number): boolean {
    const open = this.#open.get(seq)
    if (!open || open.size !== this.#sizes.get(seq)) return true
    for (const { held } of this.#entries([...open.keys()].map((index): EntryRef => [seq, index])))
      if (held) return true
    return false
  }

  has([seq, index]: EntryRef): boolean {
    return this.#open.get(seq)?.has(index) ?? false
  }

  /** Waits, and is neither sent nor held. */
  isFree(ref: EntryRef): boolean {
    for (const { held, fence } of this.#entries([ref])) return held === undefined && fence === undefined
    return false
  }

  /** It is for newer code alone. */
  isNewer(ref: EntryRef): boolean {
    for (const { shape } of this.#entries([ref])) return shape === 'newer'
    return false
  }

  /** The record a waiting change belongs to. */
  recordOf([seq, index]: EntryRef): WaitingRecord | undefined {
    const id = this.#open.get(seq)?.get(index)
    return id === undefined ? undefined : this.#records.get(id)
  }

  /** A create of the table may have arrived, and which key it has got there is not known here. */
  mayHaveMade(table: string): boolean {
    for (const { table: of, entries } of this.#records.values())
      if (of === table && entries[0]?.kind === 'create' && !isUnsent(entries[0])) return true
    return false
  }

  /** Takes in a record of the log, with the marks its changes have. */
  take(record: StoredLogRecord, progress?: Progress): void {
    this.seen = Math.max(this.seen, record.seq)
    this.remove(record.replaces ?? [])
    if (record.changes.length === 0) return
    this.#sizes.set(record.seq, record.changes.length)
    record.changes.forEach((change, index) => {
      const mark = progress?.marks[index]
      if (mark !== 'done') this.#add(record, index, change, mark)
    })
  }

  #add(record: StoredLogRecord, index: number, change: Change, mark: Exclude<Mark, 'done'> | undefined) {
    const current = this.#aliases.resolve(record.table, change.key)
    const id = recordId(record.table, current)
    const shape = shapesOf(record, this.#schema)[index]
    const entry: WaitingEntry = {
      ref: [record.seq, index],
      kind: change.kind,
      at: record.at,
      ...(mark && { held: mark }),
      ...(shape && { shape }),
      ...(record.resends !== undefined && index === 0 && { again: true as const }),
    }
    const known = this.#records.get(id)
    if (known) known.entries.push(entry)
    else this.#records.set(id, { id, table: record.table, key: current, entries: [entry] })
    const open = this.#open.get(record.seq)
    if (open) open.set(index, id)
    else this.#open.set(record.seq, new Map([[index, id]]))
    this.#count += 1
    if (mark) this.#heldCount += 1
  }

  remove(refs: readonly EntryRef[]): void {
    for (const [seq, index] of refs) {
      const open = this.#open.get(seq)
      const id = open?.get(index)
      if (!open || id === undefined) continue
      for (const { held } of this.#entries([[seq, index]])) if (held) this.#heldCount -= 1
      open.delete(index)
      if (open.size === 0) {
        this.#open.delete(seq)
        this.#sizes.delete(seq)
      }
      this.#count -= 1
      const record = this.#records.get(id)!
      record.entries = record.entries.filter(({ ref }) => ref[0] !== seq || ref[1] !== index)
      if (record.entries.length === 0) this.#records.delete(id)
    }
  }

  hold(refs: readonly EntryRef[], held: Exclude<Mark, 'done'>): void {
    for (const entry of this.#entries(refs)) {
      if (!entry.held) this.#heldCount += 1
      entry.held = held
      delete entry.fence
    }
  }

  fence({ id, items }: Pick<Fence, 'id' | 'items'>): void {
    for (const entry of this.#entries(items.flatMap((item) => item.entries))) entry.fence = id
  }

  unfence({ items }: Pick<Fence, 'items'>): void {
    for (const entry of this.#entries(items.flatMap((item) => item.entries))) delete entry.fence
  }

  /** They are in the shape of the running code now. */
  migrated(refs: readonly EntryRef[]): void {
    for (const entry of this.#entries(refs)) delete entry.shape
  }

  setApart(refs: readonly EntryRef[]): void {
    for (const entry of this.#entries(refs)) entry.apart = true
  }

  /** A temporary key has got its real one: the record's changes go on under it, in log order. */
  rename(table: string, temporary: Key, key: Key): void {
    const old = this.#records.get(recordId(table, temporary))
    if (!old) return
    this.#records.delete(old.id)
    const id = recordId(table, key)
    const there = this.#records.get(id)
    const entries = [...(there?.entries ?? []), ...old.entries].sort((a, b) => compareRefs(a.ref, b.ref))
    this.#records.set(id, { id, table, key, entries })
    for (const { ref } of old.entries) this.#open.get(ref[0])?.set(ref[1], id)
  }

  *#entries(refs: readonly EntryRef[]): Generator<WaitingEntry> {
    for (const [seq, index] of refs) {
      const id = this.#open.get(seq)?.get(index)
      const found = id && this.#records.get(id)?.entries.find(({ ref }) => ref[0] === seq && ref[1] === index)
      if (found) yield found
    }
  }
}

export function compareRefs(a: EntryRef, b: EntryRef): number {
  return a[0] - b[0] || a[1] - b[1]
}

function isUnsent({ fence, held, again }: WaitingEntry): boolean {
  return fence === undefined && held?.held !== 'dead' && !again
}
