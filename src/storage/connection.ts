import type { Dexie } from 'dexie'
import { isSyncError, SyncError } from '../model/error'
import { storageError } from './storage-error'

/**
 * What becomes of the connection to the database: `open`; `blocked`, another connection holds the database while it is
 * opened; `closed`, by the app, for another tab, or with the page put away; `lost`, nobody closed it and it is dead.
 */
export type ConnectionMoment = 'open' | 'blocked' | 'closed' | 'lost'

/**
 * This tab's connection to the database. It is the app's: the engine watches it, and opens nothing that somebody closed
 * (FAULTS F7): Dexie by itself would open a database again, even make a deleted one anew, for any query of ours.
 */
export class Connection {
  readonly #db: Dexie
  readonly #watchers = new Set<(moment: ConnectionMoment) => void>()
  #closedForAnother = false
  #wasOpen = false

  constructor(db: Dexie) {
    this.#db = db
  }

  get isOpen(): boolean {
    return this.#db.isOpen()
  }

  /** It was open and is no more. */
  get isClosed(): boolean {
    return this.#wasOpen && !this.#db.isOpen()
  }

  /** Somebody wanted it closed: the app, or another tab that deletes the database or brings a newer version. */
  get closedOnPurpose(): boolean {
    return this.#closedForAnother || this.#db.hasBeenClosed()
  }

  /** Opens it, as the app would. Rejects with a SyncError. */
  async open(): Promise<void> {
    try {
      await this.#db.open()
      this.#wasOpen = true
    } catch (thrown) {
      const error = storageError(thrown)
      throw isSyncError(error) ? error : new SyncError('storage-failed', { cause: thrown })
    }
  }

  /** Tells what becomes of it until the answered function is called; at first that it is open, where it is. */
  watch(heard: (moment: ConnectionMoment) => void): () => void {
    const db = this.#db
    let native: IDBDatabase | null = null
    let forget = () => {}
    const opened = () => {
      if (!this.#watchers.has(heard)) return
      this.#closedForAnother = false
      this.#wasOpen = true
      forget()
      // Dexie may find one dead before it says so itself, and opens another: told of it late, it would close that one.
      if (native && native !== db.backendDB()) native.onclose = null
      native = db.backendDB()
      forget = onLoss(native, () => heard('lost'))
      heard('open')
    }
    const closed = () => heard('closed')
    const blocked = () => heard('blocked')
    const wanted = () => {
      this.#closedForAnother = true
    }
    this.#watchers.add(heard)
    db.on('ready', opened, true)
    db.on('close', closed)
    db.on('blocked', blocked)
    db.on('versionchange', wanted)
    return () => {
      this.#watchers.delete(heard)
      forget()
      db.on.ready.unsubscribe(opened)
      db.on.close.unsubscribe(closed)
      db.on.blocked.unsubscribe(blocked)
      db.on.versionchange.unsubscribe(wanted)
    }
  }

  /** Its transactions fail, though nobody has said that it is dead (FAULTS F8): it is closed, to be made again. */
  broken(): void {
    if (!this.isOpen || this.#watchers.size === 0) return
    for (const heard of [...this.#watchers]) heard('lost')
    this.#db.close({ disableAutoOpen: false })
  }
}

/**
 * Calls `lost` when the connection dies by itself: what script closes is silent. Dexie closes its database in `onclose`, and
 * browsers let everything that waits for that run before the next listener: it would be taken for a wish of the app.
 */
function onLoss(native: IDBDatabase | null, lost: () => void): () => void {
  if (!native) return () => {}
  const closesDexie = native.onclose
  const listener = (event: Event) => {
    lost()
    closesDexie?.call(native, event)
  }
  native.onclose = listener
  return () => {
    if (native.onclose === listener) native.onclose = closesDexie
  }
}
