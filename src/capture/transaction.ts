import Dexie, { type DBCoreTable, type DBCoreTransaction } from 'dexie'
import type { AliasGate } from '../keys/alias-gate'
import type { Change, LogRecord } from '../model/change'
import { SyncError } from '../model/error'
import { Images } from './images'
import { LogQueue } from './log-queue'
import { split } from './split'

/** What a record carries besides its changes. */
export type RecordFacts = (tx: string) => Omit<LogRecord, 'table' | 'changes' | 'clear'>

interface DexieTransaction {
  readonly explicit?: boolean
  active: boolean
  _root(): DexieTransaction
  _reject(error: unknown): void
}

/** One IndexedDB transaction of the app that may write synced tables, as capture sees it. */
export class CapturedTransaction {
  readonly log: LogQueue
  /** Tables that got records. */
  readonly touched = new Set<string>()
  readonly #images = new Map<string, Images>()
  #root: DexieTransaction | undefined
  #over = false
  #failure: SyncError | undefined

  constructor(
    readonly id: string,
    readonly trans: DBCoreTransaction,
    log: DBCoreTable,
    readonly gate: AliasGate,
    readonly facts: RecordFacts,
  ) {
    this.log = new LogQueue(log, trans, (error) => this.fail(error))
    // Before Dexie sets its own handler: the app is to hear what happened, not only that it was aborted.
    ;(trans as IDBTransaction).addEventListener('abort', () => {
      if (!this.#failure || !this.#root?.active) return
      this.#root.active = false
      this.#root._reject(this.#failure)
    })
  }

  images(table: string): Images {
    const images = this.#images.get(table) ?? new Images()
    this.#images.set(table, images)
    return images
  }

  /** The records that tell these changes. */
  records(table: string, changes: readonly Change[], clear = false): LogRecord[] {
    if (changes.length === 0) return []
    this.touched.add(table)
    return split(changes).map((piece) => ({
      ...this.facts(this.id),
      table,
      ...(clear && { clear }),
      changes: piece,
    }))
  }

  /** Call when an operation is issued: remembers whose transaction this is. */
  entered(): void {
    this.#root ??= (Dexie.currentTransaction as unknown as DexieTransaction | null)?._root?.()
  }

  /** The transaction was aborted by somebody else: whatever fails now is no failure of ours. */
  ended(): void {
    this.#over = true
  }

  /** Capture failed: nothing of this transaction may stay (I1). */
  fail(cause: unknown): void {
    if (this.#over || this.#failure) return
    if (nameOf(cause) === 'AbortError') {
      this.ended()
      return
    }
    this.#failure = asSyncError(cause)
    try {
      this.trans.abort()
    } catch {
      // Too late, it is over: the error still reaches whoever waits for it.
    }
  }

  /** Runs a step of capture: where it throws, capture failed. */
  attempt<T>(step: () => T): T | undefined {
    try {
      return step()
    } catch (error) {
      this.fail(error)
      return undefined
    }
  }

  /** The error to answer with: ours if capture failed, else the one that came. */
  reason(error: unknown): unknown {
    return this.#failure ?? error
  }

  /**
   * Hands on the answer of a write. Where the app has no transaction of its own, only once the log is written as well:
   * Dexie then commits at once, and a transaction that commits can no longer be aborted.
   */
  finish<T>(answer: T): T | Promise<T> {
    if (this.#failure) throw this.#failure
    if (this.#root?.explicit || this.log.quiet) return answer
    return new Promise<T>((resolve, reject) => {
      this.log.whenQuiet(() => (this.#failure ? reject(this.#failure) : resolve(answer)))
    })
  }
}

function asSyncError(cause: unknown): SyncError {
  if (cause instanceof SyncError) return cause
  return new SyncError(nameOf(cause) === 'QuotaExceededError' ? 'quota-exceeded' : 'capture-failed', {
    cause,
  })
}

function nameOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? (error as { name?: unknown }).name : undefined
}
