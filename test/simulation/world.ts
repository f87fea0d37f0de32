import { Dexie } from 'dexie'
import { IDBKeyRange } from 'fake-indexeddb'
import type { SyncEngine } from '../../src/engine/engine'
import type { Environment } from '../../src/environment'
import { isSyncError } from '../../src/model/error'
import { type App, type AppParts, appOf, storesAround } from './app'
import { createDevice, type Device, deviceName } from './device'
import { emptyHistory, type History, type StopMoment, type Stores, type TabMoment } from './history'
import { Judgement } from './judgement'
import { Logins } from './logins'
import { Network } from './network'
import { type Prng, prng } from './prng'
import { RouteCode } from './route-code'
import { Scheduler } from './scheduler'
import { Server } from './server'
import type { TabStorage } from './storage'
import { isOfLostCheckpoint, isOfStorage } from './storage-weather'
import { Struck } from './struck'
import type { Swarm } from './swarm'
import { TabEnvironment } from './tab-environment'
import { closeWhenAsked } from './upgrade'

/** The library in one tab, as far as a simulation needs it. */
export type TabEngine = Pick<
  SyncEngine,
  | 'start'
  | 'stop'
  | 'sync'
  | 'resync'
  | 'pause'
  | 'resume'
  | 'whenPushed'
  | 'signOut'
  | 'check'
  | 'deadLetters'
  | 'conflicts'
>

/** How the library, or a stand-in for it, is started on a database. */
export type StartEngine = (db: Dexie, environment: Environment, config: Swarm, app: App) => TabEngine

export interface Tab {
  /** `d0/t1#2`: device, place, and how many tabs were there before it. */
  readonly name: string
  readonly device: Device
  readonly place: number
  readonly db: Dexie
  readonly engine: TabEngine
  readonly environment: TabEnvironment
  readonly storage: TabStorage
  alive: boolean
  /** Calls of the app that have not been answered: what they hold open is theirs, not the engine's. */
  calls: number
}

/** Dexie shares its observers between databases of one name, so no two runs of a process may use the same. */
let runs = 0

/** Devices, their tabs, one network and one server. */
export class World {
  readonly history: History = emptyHistory()
  readonly struck = new Struck()
  readonly scheduler: Scheduler
  readonly server: Server
  readonly network: Network
  readonly logins: Logins
  readonly judgement: Judgement
  readonly code: RouteCode
  private readonly app: AppParts
  readonly devices: Device[]
  /** A device that has lost all it had is another one. */
  readonly createAnew: (place: number, life: number) => Device
  readonly data: Prng
  private readonly run = ++runs
  private opened = 0
  private asleep = 0

  constructor(
    readonly seed: number,
    readonly config: Swarm,
    private readonly startEngine: StartEngine,
  ) {
    const faults = prng(seed, 'faults')
    this.data = prng(seed, 'data')
    this.scheduler = new Scheduler(prng(seed, 'schedule'), config.stepCost)
    const later = (lane: string) => (ms: number) =>
      new Promise<void>((resolve) => this.scheduler.after(ms, lane, resolve))
    this.judgement = new Judgement(config.judgement, prng(seed, 'judgement'), later('judgement'), this)
    this.logins = new Logins(config.logins, prng(seed, 'logins'), this.struck)
    const called: AppParts['called'] = (what) => {
      const { steps: step, owner } = this.scheduler
      this.history.codeCalls.push({ step, owner, what, stores: storesAround() })
    }
    this.code = new RouteCode(config.code, prng(seed, 'code'), later('code'), this.struck, () =>
      called('route'),
    )
    this.app = { judgement: this.judgement, code: this.code, logins: this.logins, called }
    this.server = new Server({
      shape: config.server,
      weather: config.serverWeather,
      draw: prng(seed, 'server-faults'),
      struck: this.struck,
      moment: () => ({ step: this.scheduler.steps, at: this.scheduler.now() }),
      ledger: this.history.effects,
      logins: this.logins,
    })
    this.network = new Network({
      scheduler: this.scheduler,
      server: this.server,
      history: this.history,
      faults,
      weather: config.weather,
      struck: this.struck,
      ghosts: config.server.idempotent,
    })
    const parts = {
      seed,
      config,
      scheduler: this.scheduler,
      history: this.history,
      struck: this.struck,
      faults,
    }
    this.createAnew = (place, life) =>
      createDevice(place, { ...parts, database: this.database(deviceName(place, life)) }, life)
    this.devices = Array.from({ length: config.devices }, (_, i) =>
      createDevice(i, { ...parts, database: this.database(deviceName(i, 0)) }),
    )
    for (const { name } of this.devices) this.logins.logIn(name, 'ada')
  }

  /** Opens a tab at a place that has none. */
  open(device: Device, place: number): Tab {
    const name = `${device.name}/t${place}#${this.opened++}`
    const storage = device.storage.facade(name)
    const db = new Dexie(this.database(device.name), {
      indexedDB: storage.indexedDB,
      IDBKeyRange,
      cache: 'disabled',
    })
    db.version(1).stores(appSchema)
    closeWhenAsked(db)
    const environment = new TabEnvironment({
      tab: name,
      scheduler: this.scheduler,
      network: this.network,
      locks: device.locks,
      channel: device.channel,
      random: prng(this.seed, name),
      skew: () => device.skew,
      online: () => this.network.isOnline(device.name),
      failed: (error) => {
        if (!isOfStorage(error, this.struck) && !isOfLostCheckpoint(error, this.struck))
          this.history.errors.push(`${name}: ${error instanceof Error ? error.stack : String(error)}`)
      },
    })
    const engine = this.scheduler.as(name, () =>
      this.startEngine(db, environment, this.config, appOf(device.name, this.app)),
    )
    const tab: Tab = { name, device, place, db, engine, environment, storage, alive: true, calls: 0 }
    device.tabs[place] = tab
    this.note(tab, 'opened')
    this.start(tab)
    return tab
  }

  /** The app starts the engine of a tab. */
  start(tab: Tab): void {
    const { name, engine } = tab
    const failed = (error: unknown) => {
      // A newer release upgrades the database just now: sync goes on when the app has opened it again.
      const isUpgraded =
        isSyncError(error) && error.code === 'database-closed' && this.config.deviceFaults.upgrade
      if (tab.alive && !isUpgraded && !isOfStorage(error, this.struck))
        this.history.errors.push(`${name} start: ${String(error)}`)
    }
    this.scheduler.post(`app:${name}`, () => void engine.start().catch(failed), name)
  }

  /** The app calls something in a tab, in a task of the tab's own, so that what its promises do is the tab's. */
  call(tab: Tab, work: () => unknown): void {
    const run = async () => {
      tab.calls++
      try {
        await work()
      } catch {
        // The app was told, and what must never be is noted where it is called.
      } finally {
        tab.calls--
      }
    }
    this.scheduler.post(`app:${tab.name}`, () => void run(), tab.name)
  }

  private database(device: string): string {
    return `simulation-${this.run}-${device}`
  }

  /** The tab is gone in the middle of whatever it did; its locks go after `locksAfter` ms. */
  kill(tab: Tab, locksAfter: number): void {
    if (!tab.alive) return
    this.note(tab, tab.storage.writing() > 0 ? 'killed-in-transaction' : 'killed')
    this.bury(tab, locksAfter)
  }

  /** Stops the engine as a page that is left does, then closes the tab. */
  async close(tab: Tab): Promise<void> {
    await tab.engine.stop()
    if (!tab.alive) return
    this.note(tab, 'stopped')
    if (tab.calls === 0) this.history.stops.push(this.leftIn(tab))
    this.bury(tab, 0)
  }

  private leftIn({ name, environment, storage }: Tab): StopMoment {
    const left = { ...environment.left(), transactions: storage.open() }
    return { step: this.scheduler.steps, tab: name, left }
  }

  /** Stops every engine that still lives, as far as it can be stopped, and lets go of the databases. */
  async end(): Promise<void> {
    const stopping = this.tabs().map((tab) => this.close(tab).catch(() => {}))
    let stopped = false
    void Promise.all(stopping).then(() => {
      stopped = true
    })
    const done = await this.scheduler.run(() => stopped, {
      steps: 5_000,
      until: this.scheduler.now() + 600_000,
    })
    if (!done) this.history.errors.push('stop() did not resolve within ten minutes')
  }

  private bury(tab: Tab, locksAfter: number): void {
    tab.alive = false
    if (tab.device.tabs[tab.place] === tab) tab.device.tabs[tab.place] = undefined
    tab.environment.kill()
    // What the storage still has to do about it is the device's.
    this.scheduler.as(tab.device.name, () => tab.storage.kill())
    this.scheduler.drop(tab.name)
    this.network.forget(tab.name)
    tab.device.channel.forget(tab.name)
    tab.device.locks.forget(tab.name, locksAfter)
  }

  /** Virtual ms in which anything could happen at all. */
  awake(): number {
    return this.scheduler.now() - this.asleep
  }

  /** Every device sleeps for `ms`, and so do those who do something to it. */
  sleep(ms: number): void {
    this.network.cut()
    this.scheduler.sleep(ms)
    this.asleep += ms
    this.server.forgetKeys()
  }

  setOnline(device: Device, online: boolean): void {
    this.network.setOnline(device.name, online)
    for (const tab of device.tabs) tab?.environment.tell(online ? 'online' : 'offline')
  }

  tabs(): Tab[] {
    return this.devices.flatMap(({ tabs }) => tabs.filter((tab) => tab !== undefined))
  }

  note(tab: Tab, what: TabMoment['what']): void {
    this.history.tabs.push({ step: this.scheduler.steps, device: tab.device.name, tab: tab.name, what })
    this.scheduler.note(`${tab.name} ${what}`)
  }

  /** Everything that is stored now, on every device and at the server. */
  stores(): Stores {
    const devices = this.devices.map(({ name, storage }) => {
      const stores = storage.stores().map((store) => [store, storage.records(store)] as const)
      return [name, new Map(stores)] as const
    })
    const server = this.config.server.tables.map(({ name }) => [name, this.server.rows(name)] as const)
    return { devices: new Map(devices), server: new Map(server) }
  }
}

/** The app's own schema: it knows nothing of sync. */
const appSchema = { posts: '++id, title', comments: '++id, post', notes: 'id, tag' }
