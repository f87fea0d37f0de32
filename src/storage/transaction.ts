import Dexie, { type DBCore, type DBCoreTransaction, type Transaction } from 'dexie'
import type { Key, Row } from '../model/change'
import { SyncError } from '../model/error'
import { withStrictDurability } from './durability'
import { openTx, type Tx } from './tx'

export type { Tx }

export interface WriteOptions {
  /** Flushed to disk before the transaction completes (fences, I3). */
  readonly strict?: boolean
}

/** The only way sync reads and writes: capture looks away from it. */
export class Storage {
  readonly #db: Dexie
  readonly #below: () => DBCore

  constructor(db: Dexie, below: () => DBCore) {
    this.#db = db
    this.#below = below
  }

  read<T>(tables: readonly string[], body: (tx: Tx) => Promise<T>): Promise<T> {
    return asNative(this.#begin('r!', tables, body))
  }

  write<T>(
    tables: readonly string[],
    body: (tx: Tx) => Promise<T>,
    { strict = false }: WriteOptions = {},
  ): Promise<T> {
    const run = () => this.#begin('rw!', tables, body)
    return asNative(strict ? withStrictDurability(run) : run())
  }

  /** Reads primary keys out of rows of a table that keeps them inside. */
  keyReader(table: string): (row: Row) => Key {
    const { extractKey } = this.#below().table(table).schema.primaryKey
    return (row) => extractKey!(row) as Key
  }

  /** Never joins a transaction of the app that happens to be open around the call ('!'). */
  #begin<T>(mode: 'r!' | 'rw!', tables: readonly string[], body: (tx: Tx) => Promise<T>): PromiseLike<T> {
    const run = async (trans: Transaction) => body(this.#open(trans.idbtrans))
    return Dexie.ignoreTransaction(() => this.#db.transaction(mode, [...tables], run))
  }

  #open(idbtrans: unknown): Tx {
    return openTx(this.#below(), idbtrans as DBCoreTransaction)
  }
}

/** Leaves Dexie's promise zone behind, and turns its errors into ours. */
async function asNative<T>(work: PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    work.then(resolve, (error: unknown) => reject(storageError(error)))
  })
}

/** Quota errors hide inside aborts (`inner`), or show in the name alone. */
export function storageError(error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'SyncError') return error
  const inner = (error as { inner?: unknown }).inner
  const names = [
    error.name,
    inner instanceof Error || inner instanceof Dexie.DexieError ? (inner as Error).name : '',
  ]
  if (names.includes('QuotaExceededError')) return new SyncError('quota-exceeded', { cause: error })
  const closed = [
    'DatabaseClosedError',
    'InvalidStateError',
    'UnknownError',
    'OpenFailedError',
    'NotFoundError',
    'VersionError',
    'AbortError',
  ]
  return names.some((name) => closed.includes(name))
    ? new SyncError('storage-failed', { cause: error })
    : error
}
