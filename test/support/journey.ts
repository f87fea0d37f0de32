import Dexie from 'dexie'
import { expect, onTestFinished } from 'vitest'
import { defineRoutes, resource, type SyncConfig, type SyncEngine, type SyncEventName } from '../../src/index'
import { createSync } from '../../src/sync'
import { type Backend, createBackend } from './backend'
import { Blog } from './blog'
import { type FakeDevice, type FakeTab, fakeDevice } from './fake-environment'

/** An app on a device with its backend, under virtual time. */
export interface Journey {
  readonly backend: Backend
  readonly device: FakeDevice
  readonly tab: FakeTab
  readonly db: Blog
  readonly sync: SyncEngine
  /** Cuts the connection, or brings it back; the device is told. */
  setOnline(online: boolean): void
  /** Moves time on as far as this needs. */
  until<T>(promise: Promise<T>): Promise<T>
  /** Moves time on until nothing waits and nothing is on its way. */
  settled(): Promise<void>
  /** A whole push and pull, as if the user pressed the button. */
  synced(): Promise<void>
  /** Moves time on until this has happened once more. */
  event(name: SyncEventName): Promise<void>
  /** The page is gone without a word, and a new one opens over the same database; with `config` where it is told. */
  reload(config?: Partial<SyncConfig>): Promise<Journey>
}

export interface JourneyOptions {
  /** Default: a new one. */
  readonly device?: FakeDevice
  readonly backend?: Backend
  readonly config?: Partial<SyncConfig>
  /** Writes of the app before it had sync. */
  readonly before?: (db: Blog) => Promise<void>
  readonly online?: boolean
  /** Of the device's random numbers: two devices on one backend must not draw the same. */
  readonly seed?: number
  /** The name of the database, where it must be known before. */
  readonly name?: string
  /** With false `start()` is not called. */
  readonly start?: boolean
  /** How a tab opens the database. Default: a new {@link Blog}. */
  readonly openBlog?: (name: string) => Blog
}

/** The routes of the blog as most apps would write them. */
export const blogRoutes = defineRoutes({
  posts: resource('/api/posts'),
  notes: resource('/api/notes'),
})

let count = 0

/** Opens the blog on a new device, with sync started. Everything is stopped and removed when the test is over. */
export async function journey(options: JourneyOptions = {}): Promise<Journey> {
  const { backend = createBackend(), config = {}, before, online = true, seed = 1, start = true } = options
  const { openBlog = (name) => new Blog(name) } = options
  const { device = fakeDevice({ seed }) } = options
  setOnline(device, backend, online)
  const { name = `journey-${++count}` } = options
  if (before) await withoutSync(name, before)
  onTestFinished(() => Dexie.delete(name))
  const place = { backend, device, name, openBlog, config: start ? config : { ...config, autoStart: false } }
  return open(place, start)
}

interface Place {
  readonly backend: Backend
  readonly device: FakeDevice
  readonly name: string
  readonly openBlog: (name: string) => Blog
  readonly config: Partial<SyncConfig>
}

async function open(place: Place, start = true): Promise<Journey> {
  const { backend, device, name, openBlog, config } = place
  const tab = device.tab({ fetch: (request) => backend.fetch(request) })
  const db = openBlog(name)
  const sync = createSync(db, { baseUrl: 'https://api.example.test', routes: blogRoutes, ...config }, tab)
  const until = <T>(promise: Promise<T>) => patiently(device, promise)
  let gone = false
  onTestFinished(async () => {
    if (gone) return
    if (!tab.gone) await device.until(sync.stop())
    await expectSound(db, sync)
    db.close()
  })
  if (start) await device.until(sync.start())
  const here: Journey = {
    backend,
    device,
    tab,
    db,
    sync,
    setOnline: (connected) => setOnline(device, backend, connected),
    until,
    settled: async () => {
      // Between two halves of a cycle it looks quiet for a moment: it must stay so.
      do {
        await device.settle()
        await until(quiet(sync))
        await device.settle()
      } while (!isQuiet(sync))
    },
    synced: async () => {
      await until(sync.sync())
      await here.settled()
    },
    event: (event) => until(next(sync, event)),
    async reload(changed = {}) {
      gone = true
      tab.crash()
      db.close()
      return open({ ...place, config: { ...config, ...changed } })
    },
  }
  return here
}

/**
 * Moves time on until a promise is settled, in small steps and with much room for transactions between them: a long
 * upload is not outrun by its own time-outs. Fails after an hour of virtual time.
 */
async function patiently<T>(device: FakeDevice, promise: Promise<T>): Promise<T> {
  let over = false
  const done = () => {
    over = true
  }
  promise.then(done, done)
  const end = device.now() + 3_600_000
  for (let step = 100; device.now() < end; step = Math.min(step * 1.5, 5_000)) {
    for (let i = 0; i < 30 && !over; i++) await device.settle()
    if (over) return promise
    await device.advance(step)
  }
  throw new Error('Not settled within an hour of virtual time')
}

function setOnline(device: FakeDevice, backend: Backend, online: boolean): void {
  if (online) backend.up()
  else backend.down()
  device.setOnline(online)
}

async function withoutSync(name: string, write: (db: Blog) => Promise<void>): Promise<void> {
  const db = new Blog(name)
  await write(db)
  db.close()
}

/** Resolves when nothing waits, nothing is on its way, and this tab has seen so. */
export async function quiet(sync: SyncEngine): Promise<void> {
  for (;;) {
    const changed = nextChange(sync)
    if (isQuiet(sync) && (await sync.getQueueDepth()) === 0) return
    await changed
  }
}

function isQuiet(sync: SyncEngine): boolean {
  const { pending, state } = sync.getSnapshot()
  return pending === 0 && state === 'idle'
}

function nextChange(sync: SyncEngine): Promise<void> {
  return new Promise((resolve) => {
    const stop = sync.subscribe(() => {
      stop()
      resolve()
    })
  })
}

/** Resolves when the status is as asked for. */
export function status(
  sync: SyncEngine,
  holds: (status: ReturnType<SyncEngine['getSnapshot']>) => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    if (holds(sync.getSnapshot())) return resolve()
    const stop = sync.subscribe(() => {
      if (!holds(sync.getSnapshot())) return
      stop()
      resolve()
    })
  })
}

function next(sync: SyncEngine, name: SyncEventName): Promise<void> {
  return new Promise((resolve) => {
    sync.once(name, () => resolve())
  })
}

/** The names of the events so far, in order; only those asked for. */
export function eventLog<N extends SyncEventName>(sync: SyncEngine, ...names: N[]): N[] {
  const heard: N[] = []
  for (const name of names) sync.on(name, () => heard.push(name))
  return heard
}

/** What is stored fits together, whatever the test did (FAULTS R14); a database the test has closed stays closed. */
async function expectSound(db: Dexie, sync: SyncEngine): Promise<void> {
  if (!db.isOpen()) return
  const { findings } = await sync.check(undefined, { rows: true })
  expect(findings, 'what check() finds at the end').toEqual([])
}

/** The promise of the library: when all is quiet, both sides hold the same rows. */
export async function expectSameRows(
  db: Dexie,
  backend: Backend,
  tables = db.tables.map(({ name }) => name),
): Promise<void> {
  for (const table of tables)
    expect(byId(await db.table(table).toArray()), `rows of ${table}`).toEqual(byId(backend.rows(table)))
}

function byId(rows: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  return [...rows].sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1))
}
