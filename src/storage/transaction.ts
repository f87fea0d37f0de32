import Dexie, { type DBCore, type DBCoreTransaction, type Transaction } from 'dexie'
import type { Key, Row } from '../model/change'
import { SyncError } from '../model/error'
import type { KeyPath } from '../model/table'
import type { Connection } from './connection'
import { withStrictDurability } from './durability'
import { isDeadConnection, nameOf } from './reopen'
import { storageError } from './storage-error'
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
  readonly #connection: Connection | undefined

  /** With `connection` it is the engine's own, and refuses (`database-closed`) what would open a closed database. */
  constructor(db: Dexie, below: () => DBCore, connection?: Connection) {
    this.#db = db
    this.#below = below
    this.#connection = connection
  }

  read<T>(tables: readonly string[], body: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#asNative((begun) => this.#begin('r!', tables, body, begun))
  }

  write<T>(
    tables: readonly string[],
    body: (tx: Tx) => Promise<T>,
    { strict = false }: WriteOptions = {},
  ): Promise<T> {
    return this.#asNative((begun) => {
      const run = () => this.#begin('rw!', tables, body, begun)
      return strict ? withStrictDurability(run) : run()
    })
  }

  /** Reads primary keys out of rows of a table that keeps them inside. */
  keyReader(table: string): (row: Row) => Key {
    const { extractKey } = this.#below().table(table).schema.primaryKey
    return (row) => extractKey!(row) as Key
  }

  /** The field or fields that hold a table's primary key; null where it is outside the rows. */
  keyPath(table: string): KeyPath {
    return this.#below().table(table).schema.primaryKey.keyPath as KeyPath
  }

  /** Never joins a transaction of the app that happens to be open around the call ('!'). */
  #begin<T>(
    mode: 'r!' | 'rw!',
    tables: readonly string[],
    body: (tx: Tx) => Promise<T>,
    begun: (native: IDBTransaction) => void,
  ): PromiseLike<T> {
    const run = async (trans: Transaction) => {
      begun(trans.idbtrans)
      return body(this.#open(trans.idbtrans))
    }
    return Dexie.ignoreTransaction(() => this.#db.transaction(mode, [...tables], run))
  }

  #open(idbtrans: unknown): Tx {
    return openTx(this.#below(), idbtrans as DBCoreTransaction)
  }

  /** Leaves Dexie's promise zone behind, and turns its errors into ours. */
  async #asNative<T>(begin: (begun: (native: IDBTransaction) => void) => PromiseLike<T>): Promise<T> {
    const connection = this.#connection
    if (connection?.isClosed) throw new SyncError('database-closed')
    let native: IDBTransaction | undefined
    let ended: Promise<void> | undefined
    return new Promise((resolve, reject) => {
      const work = begin((trans) => {
        native = trans
        ended = eventOf(trans, 'complete', 'abort')
      })
      work.then(resolve, async (error: unknown) => {
        const aborted = nameOf(error) === 'AbortError'
        // Requests fail before the transaction can say what it was aborted for; where its connection died it never does.
        if (aborted && native && connection?.isOpen) await Promise.race([ended, eventOf(native.db, 'close')])
        const closed = aborted && connection?.isClosed
        reject(closed ? new SyncError('database-closed') : storageError(error, native?.error))
        if (isDeadConnection(error) || isDeadConnection(native?.error)) connection?.broken()
      })
    })
  }
}

/** Resolves with the first of these events. */
function eventOf(target: EventTarget, ...names: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    for (const name of names) target.addEventListener(name, () => resolve(), { once: true })
  })
}
