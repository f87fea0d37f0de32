import { isSyncError, type SyncEngine, startSync } from 'dexie-rest-sync'
import { prng } from '../../simulation/prng'
import type { Rows } from '../../soak/judge'
import type { Told } from '../../soak/told'
import { openChannels } from './open-channels'
import { SoakBoard, soakConfig } from './soak-board'
import { chooseDeed, createRows, type Deed } from './soak-deeds'

export interface SoakOpening {
  readonly seed: number
  /** Like no other page of the run. */
  readonly name: string
  /** ms between two deeds, on the average. */
  readonly pace: number
}

export interface Vitals {
  /** Names of the locks of this device that are held, and of those waited for. */
  readonly locks: readonly string[]
  /** Channels open in this page. */
  readonly channels: number
}

/** A page that works at random, as the run tells it to. */
export interface SoakPage {
  open(opening: SoakOpening): Promise<void>
  /** Fills an empty board. */
  fill(): Promise<void>
  work(): void
  /** Resolves when the last deed is done. */
  rest(): Promise<void>
  /** Stops sync and starts it again, so that another page leads. */
  handOver(): Promise<void>
  leads(): boolean
  /** Gives up what the server refused. */
  discardLetters(): Promise<void>
  /** Sends and fetches once, and answers why this device is not at rest yet. */
  unrest(): Promise<string | undefined>
  rows(): Promise<Rows>
  vitals(): Promise<Vitals>
}

declare global {
  interface Window {
    soak: SoakPage
    /** Given by the run. */
    tell(told: Told): Promise<void>
  }
}

const db = new SoakBoard()
let sync: SyncEngine
let chance = prng(0, '')
let opening: SoakOpening
let count = 0
let working: Promise<void> | undefined
let resting = false

/** A page that is killed never hears whether it was heard. */
function tell(told: Told): void {
  void window.tell(told).catch(() => {})
}

async function perform(deed: Deed, name: string): Promise<void> {
  await window.tell({ what: 'begun', deed: name, effects: deed.effects })
  try {
    await window.tell({ what: 'done', deed: name, ...(await deed.run()) })
  } catch (error) {
    await window.tell({ what: 'threw', deed: name, error: String(error) })
  }
}

async function workOn(): Promise<void> {
  while (!resting) {
    const name = `${opening.name}.${++count}`
    await perform(await chooseDeed(db, chance, name), name)
    await new Promise((resolve) => setTimeout(resolve, chance.next() * 2 * opening.pace))
  }
}

window.soak = {
  async open(how) {
    opening = how
    chance = prng(how.seed, how.name)
    sync = startSync(
      db,
      soakConfig((error) => tell({ what: 'error', code: isSyncError(error) ? error.code : String(error) })),
    )
    sync.on('conflict', ({ id, table, key }) => {
      if (key !== undefined) tell({ what: 'conflict', id, table: table as 'cards', key })
    })
    sync.on('dead-letter', ({ id, table, key, reason }) =>
      tell({ what: 'dead-letter', id, table: table as 'cards', key, code: reason.code }),
    )
    await sync.start()
  },
  async fill() {
    for (const [table, rows] of [
      ['cards', 100],
      ['people', 30],
    ] as const) {
      const name = `${opening.name}.${++count}`
      await perform(createRows(db, chance, table, name, rows), name)
    }
  },
  work() {
    resting = false
    working ??= workOn()
  },
  async rest() {
    resting = true
    await working
    working = undefined
  },
  async handOver() {
    await sync.stop()
    await sync.start()
  },
  leads: () => sync.isLeader(),
  async discardLetters() {
    for (const { id } of await sync.deadLetters.list()) await sync.deadLetters.discard(id)
  },
  async unrest() {
    const { reason } = await sync.sync()
    if (reason) return reason.code
    const { pending, deadLetters, conflicts } = sync.getStatus()
    if (await sync.hasUnsyncedChanges())
      return `${pending} waiting, ${deadLetters} refused, ${conflicts} parked`
    return undefined
  },
  async rows() {
    return { cards: await db.table('cards').toArray(), people: await db.table('people').toArray() }
  },
  async vitals() {
    const { held = [], pending = [] } = await navigator.locks.query()
    const locks = [...held.map(({ name }) => `${name}`), ...pending.map(({ name }) => `${name} (waiting)`)]
    return { locks: locks.sort(), channels: openChannels() }
  },
}
