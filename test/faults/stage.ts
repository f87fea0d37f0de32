import { IDBKeyRange } from 'fake-indexeddb'
import { onTestFinished } from 'vitest'
import type { SyncConfig, SyncEventName } from '../../src/index'
import { DeviceStorage, type TabStorage } from '../simulation/storage'
import { type Backend, createBackend, goodSemantics } from '../support/backend'
import type { GoodOptions, Semantics } from '../support/backend-semantics'
import { Blog } from '../support/blog'
import { type Journey, journey } from '../support/journey'
import { type KillPoint, watchWrites } from './kill-points'
import { type OnTheWire, Wire } from './wire'

/** What a script is played in. */
export interface World {
  /** The server honours Idempotency-Key. */
  readonly idempotent: boolean
  readonly cache: 'cloned' | 'disabled'
}

/** What a script asks of its world. */
export interface Setting {
  readonly server?: GoodOptions
  /** What the server does otherwise. */
  readonly semantics?: (good: Semantics) => Semantics
  readonly config?: Partial<SyncConfig>
}

let count = 0

/** A device with one tab at a time, its connection in the hands of a script; a tab can be killed where it stands. */
export class Stage {
  readonly backend: Backend
  readonly wire: Wire
  readonly heard: SyncEventName[] = []
  /** The request the script spoke of last. */
  current: OnTheWire | undefined
  /** An answer on its way. */
  late: { readonly to: OnTheWire; readonly response: Promise<Response> } | undefined
  here!: Journey
  readonly #storage: DeviceStorage
  readonly #world: World
  readonly #setting: Setting
  readonly #name = `script-${++count}`
  #tab!: TabStorage
  #armed: KillPoint | undefined
  #killed: () => void = () => {}
  #death: Promise<void> = Promise.resolve()

  constructor(world: World, setting: Setting) {
    this.#world = world
    this.#setting = setting
    const { server, semantics = (good) => good } = setting
    const good = goodSemantics({ ...server, idempotent: world.idempotent })
    const backend = createBackend({ semantics: semantics(good) })
    this.wire = new Wire(backend)
    const fetch = async (request: Request) => {
      if (request.method !== 'GET' && this.reach('send')) return new Promise<never>(() => {})
      return this.wire.fetch(request)
    }
    this.backend = { ...backend, fetch }
    this.#storage = new DeviceStorage(this.#name, () => {})
  }

  /** The app is open, has pulled everything, and from here on its writes wait for the script. */
  async open(): Promise<void> {
    onTestFinished(watchWrites((point) => this.reach(point)))
    const { backend } = this
    const { config = {} } = this.#setting
    this.here = await journey({ backend, config, name: this.#name, openBlog: (name) => this.#openBlog(name) })
    await this.here.settled()
    this.wire.hold()
    this.#listen()
  }

  /** The tab dies when it comes to this point. */
  arm(point: KillPoint): void {
    this.#armed = point
    this.#death = new Promise((resolve) => {
      this.#killed = resolve
    })
  }

  /** True where this is the point at which the tab dies: it is gone now. */
  reach(point: KillPoint): boolean {
    if (this.#armed !== point) return false
    this.#armed = undefined
    this.here.tab.crash()
    this.#tab.kill()
    this.wire.cut()
    this.#killed()
    return true
  }

  /** The tab has come to the point where it dies. */
  death(): Promise<void> {
    return this.here.until(this.#death)
  }

  /** The tab is gone (or goes now, where no kill was armed), and a new one opens over the same database. */
  async restart(): Promise<void> {
    await this.death()
    this.#tab.kill()
    this.wire.cut()
    this.here = await this.here.reload()
    this.#listen()
  }

  #listen(): void {
    const told = ['conflict', 'dead-letter', 'unconfirmed-create', 'auth-required', 'quarantine'] as const
    for (const name of told) this.here.sync.on(name, () => this.heard.push(name))
  }

  #openBlog(name: string): Blog {
    this.#tab = this.#storage.facade(`tab-${count}`)
    const { indexedDB } = this.#tab
    return new Blog(name, { indexedDB, IDBKeyRange, cache: this.#world.cache })
  }
}
