import Dexie from 'dexie'
import { expect, onTestFinished } from 'vitest'
import type { Environment } from '../../src/environment'
import type { SyncConfig, SyncEngine } from '../../src/index'
import type { Policy } from '../../src/model/conflict-rules'
import type { Protocol } from '../../src/protocol/protocol'
import { createSync } from '../../src/sync'
import type { Backend, Match, ServerRow } from '../support/backend'
import { Blog } from '../support/blog'
import { type FakeDevice, type FakeTab, fakeDevice } from '../support/fake-environment'
import { quiet } from '../support/journey'

/** A server and the language it is spoken to in: all a protocol must bring to go through the contract. */
export interface ProtocolWorld {
  /** The wire, with its scripted faults. */
  readonly backend: Backend
  /** Made anew for every page that opens. */
  protocol(env: Environment, policy: Policy): Protocol
  rows(table: string): ServerRow[]
  /** Somebody else makes, changes or removes a row. */
  insert(table: string, row: ServerRow): void
  change(table: string, id: unknown, fields: ServerRow): void
  erase(table: string, id: unknown): void
  /** Requests that carry creates. Rows with the text `refused` are refused by the server. */
  readonly creates: Match
  /** Requests that ask for notes. */
  readonly pulls: Match
}

/** An app on a device that speaks a protocol, under virtual time. */
export interface ProtocolPlace {
  readonly world: ProtocolWorld
  readonly device: FakeDevice
  readonly tab: FakeTab
  readonly db: Blog
  readonly sync: SyncEngine
  setOnline(online: boolean): void
  settled(): Promise<void>
  /** A whole cycle as a user asks for it, until nothing waits. */
  synced(): Promise<void>
  /** The page is gone without a word, and a new one opens over the same database. */
  reload(): Promise<ProtocolPlace>
  expectSameRows(): Promise<void>
}

interface Options {
  readonly policy?: Policy
  readonly sync?: NonNullable<SyncConfig['sync']>
}

let count = 0

export async function protocolPlace(world: ProtocolWorld, options: Options = {}): Promise<ProtocolPlace> {
  const name = `contract-${++count}`
  onTestFinished(() => Dexie.delete(name))
  return open(world, fakeDevice(), name, options)
}

async function open(
  world: ProtocolWorld,
  device: FakeDevice,
  name: string,
  options: Options,
): Promise<ProtocolPlace> {
  const { policy = 'merge', sync: rhythm = {} } = options
  const tab = device.tab({ fetch: (request) => world.backend.fetch(request) })
  const db = new Blog(name)
  const protocol = world.protocol(tab, policy)
  const sync = createSync(db, { baseUrl: 'https://api.example.test', protocol, sync: rhythm }, tab)
  let gone = false
  onTestFinished(async () => {
    if (gone) return
    await device.until(sync.stop())
    db.close()
    expect(tab.reports).toEqual([])
  })
  await device.until(sync.start())
  const here: ProtocolPlace = {
    world,
    device,
    tab,
    db,
    sync,
    setOnline(online) {
      if (online) world.backend.up()
      else world.backend.down()
      device.setOnline(online)
    },
    async settled() {
      do {
        await device.settle()
        await device.until(quiet(sync))
        await device.settle()
      } while (sync.getSnapshot().pending > 0 || sync.getSnapshot().state !== 'idle')
    },
    async synced() {
      await device.until(sync.sync())
      await here.settled()
    },
    reload() {
      gone = true
      tab.crash()
      db.close()
      return open(world, device, name, options)
    },
    async expectSameRows() {
      for (const table of ['posts', 'notes'])
        expect(byId(await db.table(table).toArray()), table).toEqual(byId(world.rows(table)))
    },
  }
  return here
}

function byId(rows: readonly ServerRow[]): ServerRow[] {
  return [...rows].sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1))
}
