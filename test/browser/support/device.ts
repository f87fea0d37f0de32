import type { BrowserContext, Page } from 'playwright'
import { expect } from 'vitest'
import { cards } from '../../../examples/board/server/cards'
import type { Collection } from '../../../examples/board/server/collection'
import { people } from '../../../examples/board/server/people'
import { listRows } from '../../../examples/board/server/rows'
import type { Disk, Opening } from '../pages/lab'
import type { Stop, Stopped } from '../pages/stops'
import { KillableBrowser } from './killable-browser'
import type { LabServer } from './lab-server'

/** A device with one browser that is killed and started again, and what its person has made on it. */
export class Device {
  readonly server: LabServer
  readonly #browser: KillableBrowser
  readonly #opening: Opening
  #context!: BrowserContext
  #page!: Page
  /** Notes of the cards that must be there, by their titles, each of which is given once. */
  readonly #cards = new Map<string, string>()
  readonly #people = new Set<string>()
  /** How often the person's changes must change a row at the server: edits made offline together leave as one. */
  #effects = 0
  #lastRound: string | undefined
  #settled = false

  private constructor(server: LabServer, browser: KillableBrowser, opening: Opening) {
    this.server = server
    this.#browser = browser
    this.#opening = opening
  }

  /** A device with nothing on it, and a page that has not opened its database. */
  static async create(server: LabServer, opening: Opening = {}): Promise<Device> {
    const device = new Device(server, await KillableBrowser.create(), opening)
    await device.start()
    return device
  }

  /** Opens it for the first time, and makes rows that are at the server then. */
  async begin(): Promise<void> {
    await this.open()
    await this.page.evaluate(() => window.lab.settled())
    await this.offline()
    await this.edit('before')
    await this.online()
    await this.settle()
  }

  get page(): Page {
    return this.#page
  }

  /** Starts the browser, with a page that has not opened its database. */
  async start(): Promise<void> {
    this.#context = await this.#browser.start()
    this.#page = await this.newPage()
  }

  async newPage(): Promise<Page> {
    const page = await this.#context.newPage()
    await page.goto(`${this.server.url}/lab.html`)
    return page
  }

  open(): Promise<void> {
    return this.page.evaluate((opening) => window.lab.open(opening), this.#opening)
  }

  /** Begins anew where a test before has left it in the middle. */
  async ready(): Promise<void> {
    if (this.#settled) return
    await this.kill()
    await this.start()
    await this.settle()
  }

  offline(): Promise<void> {
    this.#settled = false
    return this.#context.setOffline(true)
  }

  online(): Promise<void> {
    return this.#context.setOffline(false)
  }

  disk(): Promise<Disk> {
    return this.page.evaluate(() => window.lab.disk())
  }

  /** One of everything: rows are made, amended, changed and deleted, under titles that name the round. */
  async edit(round: string): Promise<void> {
    const last = this.#lastRound
    await this.page.evaluate(
      async ({ round, last }) => {
        const { db } = window.lab
        await db.cards.add({ title: `${round} first`, notes: '' })
        const second = await db.cards.add({ title: `${round} second`, notes: '' })
        await db.cards.update(second, { notes: 'amended' })
        if (last) {
          await db.cards
            .where('title')
            .equals(`${last} first`)
            .modify({ notes: `seen in ${round}` })
          await db.cards.where('title').equals(`${last} second`).delete()
        }
        const person = { id: crypto.randomUUID(), name: round }
        await db.people.add(person)
        await db.cards.add({ title: `${round} third`, notes: '', assignee: person.id })
      },
      { round, last },
    )
    this.#cards.set(`${round} first`, '')
    this.#cards.set(`${round} second`, 'amended')
    this.#cards.set(`${round} third`, '')
    this.#people.add(round)
    this.#effects += 4
    if (last) {
      this.#cards.set(`${last} first`, `seen in ${round}`)
      this.#cards.delete(`${last} second`)
      this.#effects += 2
    }
    this.#lastRound = round
  }

  /** The person has made or changed one more card by other means than {@link edit}. */
  expectCard(title: string, notes: string | undefined, effects: number): void {
    if (notes === undefined) this.#cards.delete(title)
    else this.#cards.set(title, notes)
    this.#effects += effects
  }

  /** Lets a page come to the place, and answers once it stands there. `cause` sets it off. */
  async standAt(stop: Stop, cause: () => Promise<unknown>, page = this.page): Promise<Stopped> {
    const stopped = this.server.nextStop()
    await page.evaluate((where) => window.lab.stopAt(where), stop)
    // What causes it may hang in the page that stands still, or fail with its end; before that it must not.
    return Promise.race([stopped, cause().then(() => stopped)])
  }

  /** The whole page stands still, whatever it is doing. */
  async freeze(): Promise<void> {
    const stopped = this.server.nextStop()
    await this.page.evaluate(() => window.lab.freeze())
    await stopped
  }

  kill(): Promise<void> {
    this.#settled = false
    return this.#browser.kill()
  }

  /** Starts again, and answers what is on disk before anything has opened it. */
  async restart(): Promise<Disk> {
    await this.start()
    return this.disk()
  }

  async settle(): Promise<void> {
    await this.open()
    await this.page.evaluate(() => window.lab.settled())
    await this.expectWhole()
    this.#settled = true
  }

  /** Nothing is lost, nothing is doubled, and both sides have the same rows. */
  async expectWhole(): Promise<void> {
    const here = await this.page.evaluate(async () => ({
      cards: await window.lab.db.cards.toArray(),
      people: await window.lab.db.people.toArray(),
    }))
    const there = { cards: await this.#living(cards), people: await this.#living(people) }
    expect(byId(here.cards)).toEqual(byId(there.cards))
    expect(byId(here.people)).toEqual(byId(there.people))
    const made = this.server.madeElsewhere
    const ours = there.cards.filter(({ title }) => !made.has(title as string))
    expect(ours.map(({ title, notes }) => [title, notes]).sort()).toEqual([...this.#cards].sort())
    const names = there.people.map(({ name }) => name as string).filter((name) => !made.has(name))
    expect(names.sort()).toEqual([...this.#people].sort())
    expect(await this.server.effects()).toEqual({ byKey: this.#effects, ofRows: this.#effects })
    const disk = await this.disk()
    expect([disk._sync_fences, disk._sync_log, disk._sync_letters, disk._sync_conflicts]).toEqual([
      [],
      [],
      [],
      [],
    ])
  }

  async #living(collection: Collection) {
    const rows = await listRows(this.server.pool, collection, -1, 100_000)
    return rows.filter(({ deleted_at }) => deleted_at === undefined)
  }

  async remove(): Promise<void> {
    await this.#browser.remove()
  }
}

function byId<T extends { id?: unknown }>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => String(a.id).localeCompare(String(b.id)))
}
