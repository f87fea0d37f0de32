import Dexie, { liveQuery, type Table } from 'dexie'
import { resource, type SyncConfig, type SyncEngine, startSync } from 'dexie-rest-sync'
import { declareRenamed, migrateCards, renamedCards } from './renamed-notes'
import { type Stop, standStill, stopAt } from './stops'

export interface Card {
  id: number
  title: string
  notes?: string
  /** As {@link notes}, in the release that renames it. */
  remarks?: string
  column?: string
  assignee?: string | null
  version?: number
}

export interface Person {
  id: string
  name: string
  hue?: number
  version?: number
}

/** The database of the pages, as an app declares it. */
export class Board extends Dexie {
  declare cards: Table<Card, number, Omit<Card, 'id'>>
  declare people: Table<Person, string>

  constructor({ version = 1, renamed = false }: Opening) {
    super('board')
    this.version(1).stores({ cards: '++id, title', people: 'id, name' })
    if (version > 1) this.version(version).stores({ cards: '++id, title, column' })
    if (renamed) declareRenamed(this)
  }
}

export interface Opening {
  /** Starts sync before the database is opened; without it this is the app as it was before. Default true. */
  readonly sync?: boolean
  /** Of the app's database. Default 1. */
  readonly version?: number
  /** The app in the release that renames the notes of cards. */
  readonly renamed?: boolean
  /** Rows in a page. */
  readonly pageSize?: number
  /** Hears nothing of the other tabs. */
  readonly deaf?: boolean
  /** Where the backend is, if not where the page is. */
  readonly baseUrl?: string
  /** Whoever is logged in stands in `localStorage`: `user`, and the `token` to send with. Default: no login at all. */
  readonly login?: boolean
  /** ms between two cycles. Default 0: nothing happens for its time, whatever is seen was caused. */
  readonly interval?: number
}

/** Every row of every table, as it is on disk. */
export type Disk = Readonly<Record<string, readonly Record<string, unknown>[]>>

export interface Heard {
  readonly name: string
  readonly data: unknown
}

export interface Lab {
  db: Board
  sync: SyncEngine
  /** Events of the engine, `blocked` of the database, and `error` for errors nobody waits for. */
  readonly heard: Heard[]
  /** Only once a page. */
  open(opening?: Opening): Promise<void>
  /** Makes cards and changes each at once, telling the test of every commit, until `count` of them are made. */
  write(name: string, count: number): Promise<void>
  /** Calls `seen` with the titles of all cards now and after each change, in whatever tab it is made. */
  watchTitles(seen: (titles: string[]) => void): void
  /** Reads the database without Dexie, and without changing it. */
  disk(): Promise<Disk>
  /** Resolves when nothing waits here and a whole cycle reached its end. */
  settled(): Promise<void>
  stopAt(stop: Stop): void
  /** Stands still once whoever asks has its answer. */
  freeze(): void
}

declare global {
  interface Window {
    lab: Lab
    /** Given by the test. */
    acknowledge(title: string, notes: string): Promise<void>
  }
}

const events = [
  'sync-error',
  'push-complete',
  'push-error',
  'pull-complete',
  'pull-error',
  'conflict',
  'dead-letter',
  'key-assigned',
  'unconfirmed-create',
  'unverified-push',
  'storage-error',
  'leader-change',
] as const

function configOf(lab: Lab, opening: Opening): SyncConfig {
  const { pageSize, baseUrl = location.origin, interval = 0, login = false, renamed = false } = opening
  return {
    baseUrl,
    routes: { cards: renamed ? renamedCards() : resource('/api/cards'), people: resource('/api/people') },
    ...(renamed && { migrateOutbox: migrateCards }),
    sync: { interval, ...(pageSize !== undefined && { pull: { pageSize } }) },
    ...(login && {
      identity: () => localStorage.getItem('user'),
      auth: {
        getHeaders() {
          const token = localStorage.getItem('token')
          return token === null ? null : { Authorization: `Bearer ${token}` }
        },
      },
    }),
    errors: {
      retryDelay: () => 100,
      onError: (error) => void lab.heard.push({ name: 'error', data: String(error) }),
    },
    autoStart: false,
  }
}

const lab: Lab = {
  heard: [],
  async open(opening = {}) {
    if (lab.db) return
    if (opening.deaf) Object.defineProperty(BroadcastChannel.prototype, 'onmessage', { set() {} })
    const { sync = true } = opening
    lab.db = new Board(opening)
    lab.db.on('blocked', () => void lab.heard.push({ name: 'blocked', data: {} }))
    if (!sync) {
      await lab.db.open()
      return
    }
    lab.sync = startSync(lab.db, configOf(lab, opening))
    for (const name of events) lab.sync.on(name, (data) => void lab.heard.push({ name, data }))
    await lab.sync.start()
  },
  async write(name, count) {
    for (let number = 1; number <= count; number += 1) {
      const title = `${name} ${number}`
      const id = await lab.db.cards.add({ title, notes: '' })
      await window.acknowledge(title, '')
      await lab.db.cards.update(id, { notes: 'changed' })
      await window.acknowledge(title, 'changed')
    }
  },
  watchTitles(seen) {
    const titles = async () => (await lab.db.cards.toArray()).map(({ title }) => title)
    liveQuery(titles).subscribe(seen)
  },
  async disk() {
    const known = await indexedDB.databases()
    if (!known.some(({ name }) => name === 'board')) return {}
    const db = await done(indexedDB.open('board'))
    const tables = [...db.objectStoreNames]
    const transaction = db.transaction(tables)
    const rows = await Promise.all(tables.map((name) => done(transaction.objectStore(name).getAll())))
    db.close()
    return Object.fromEntries(tables.map((name, i) => [name, rows[i]!]))
  },
  async settled() {
    for (;;) {
      const { reason } = await lab.sync.sync()
      if (!reason && !(await lab.sync.hasUnsyncedChanges())) return
      const { deadLetters, conflicts } = lab.sync.getStatus()
      if (deadLetters + conflicts > 0) throw new Error(`held for a person: ${JSON.stringify(lab.heard)}`)
      await new Promise<void>((resolve) => {
        const ignore = lab.sync.subscribe(() => {
          ignore()
          resolve()
        })
      })
    }
  },
  stopAt,
  freeze: () => void setTimeout(standStill),
} satisfies Omit<Lab, 'db' | 'sync'> as never as Lab

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error))
  })
}

window.lab = lab
