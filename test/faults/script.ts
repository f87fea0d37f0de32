import { expect, it } from 'vitest'
import type { SyncEngine, SyncEventName } from '../../src/index'
import type { ApiAnswer } from '../support/backend'
import { expectSameRows, status } from '../support/journey'
import type { KillPoint } from './kill-points'
import { type Setting, Stage, type World } from './stage'
import { lost, scripted } from './wire'

type Fields = Readonly<Record<string, unknown>>
type TableName = 'posts' | 'notes'

/**
 * A fault told step by step: what the user does, what leaves, what the server or the network answers, where the tab
 * dies. Each step waits for a state; virtual time moves on only as far as that needs.
 */
export class Script {
  readonly #steps: { readonly text: string; readonly run: (stage: Stage) => unknown }[] = []

  async play(stage: Stage): Promise<void> {
    await stage.open()
    for (const [at, { text, run }] of this.#steps.entries()) {
      try {
        await run(stage)
      } catch (error) {
        throw new Error(`step ${at + 1}, ${text}: ${error instanceof Error ? error.message : error}`, {
          cause: error,
        })
      }
    }
  }

  // The user.

  put(table: TableName, row: Fields): this {
    return this.#step(`put ${table}`, ({ here: { db } }) => db.table(table).put({ ...row }))
  }

  /** Changes the one row with these fields. */
  update(table: TableName, which: Fields, changes: Fields): this {
    return this.#step(`update ${table}`, async (stage) =>
      stage.here.db.table(table).update(await keyOf(stage, table, which), changes),
    )
  }

  remove(table: TableName, which: Fields): this {
    return this.#step(`remove ${table}`, async (stage) =>
      stage.here.db.table(table).delete(await keyOf(stage, table, which)),
    )
  }

  /** Asks for what is new, and goes on: the tab may die over it. */
  pull(): this {
    return this.#step('pull', ({ here }) => void here.sync.pull().catch(() => undefined))
  }

  /** A call of the engine, waited for. */
  call(text: string, call: (sync: SyncEngine) => Promise<unknown>): this {
    return this.#step(text, ({ here }) => here.until(call(here.sync)))
  }

  // The network and the server.

  /** Waits until this leaves, and holds it; `body` need not name all its fields. */
  expectRequest(method: string, path: string, body?: Fields): this {
    return this.#step(`expect ${method} ${path}`, async (stage) => {
      stage.current = await stage.here.until(stage.wire.take(method, path))
      expect(`${stage.current.method} ${stage.current.path}`).toBe(`${method} ${path}`)
      if (body) expect(JSON.parse(stage.current.text)).toMatchObject(body)
    })
  }

  /** The request that was expected last is the one before it once more, with the same key and bytes. */
  expectSameAgain(): this {
    return this.#step('expect the same again', ({ wire: { seen }, current }) => {
      const before = seen[seen.indexOf(current!) - 1]
      const facts = ({ path, text, idempotencyKey }: typeof current & object) => [path, text, idempotencyKey]
      expect(facts(current!)).toEqual(before && facts(before))
    })
  }

  /** Everything that needs no time has happened, and no request waits. With `ms`, that long. */
  expectSilence(ms = 0): this {
    return this.#step(`expect silence ${ms}`, async ({ here, wire }) => {
      await here.device.advance(ms)
      expect(wire.waiting.map(({ method, path }) => `${method} ${path}`)).toEqual([])
    })
  }

  /** The server does it, and the answer arrives. */
  serve(): this {
    return this.#step('serve', async (stage) => {
      const { current, wire } = stage
      const response = await wire.carryOut(current!)
      if (!stage.reach('answer')) current!.answer(Promise.resolve(response))
    })
  }

  /** The server does it, and its answer is long on its way. */
  serveLate(): this {
    return this.#step('serve late', async (stage) => {
      const to = stage.current!
      stage.late = { to, response: Promise.resolve(await stage.wire.carryOut(to)) }
    })
  }

  /** The answer that was late arrives. */
  arrive(): this {
    return this.#step('arrive', ({ late }) => late!.to.answer(late!.response))
  }

  /** The server does it, and the answer is lost. */
  serveAndLose(): this {
    return this.#step('serve and lose', async ({ current, wire }) => {
      await wire.carryOut(current!)
      current!.answer(lost())
    })
  }

  /** The request never arrives. */
  lose(): this {
    return this.#step('lose', ({ current }) => current!.answer(lost()))
  }

  /** The server answers this, and has done nothing. */
  respond(status: number, answer: Omit<ApiAnswer, 'status'> = {}): this {
    return this.#step(`respond ${status}`, ({ current }) => current!.answer(scripted({ status, ...answer })))
  }

  /** Reads wait for the script too. */
  holdReads(): this {
    return this.#step('hold reads', ({ wire }) => {
      wire.passing = []
    })
  }

  /** Somebody else changes a row at the server, makes it, or with null removes it. */
  elsewhere(table: TableName, id: number | string, fields: Fields | null): this {
    return this.#step(`elsewhere ${table}`, ({ backend }) => {
      if (fields === null) backend.erase(table, id)
      else if (backend.store.get(table, id)) backend.change(table, id, fields)
      else backend.insert(table, { id, ...fields })
    })
  }

  // The tab.

  /** The tab dies when it comes there. */
  killAt(point: KillPoint): this {
    return this.#step(`kill at ${point}`, (stage) => stage.arm(point))
  }

  expectDeath(): this {
    return this.#step('expect death', (stage) => stage.death())
  }

  /** Waits for the death that was announced, if any, and opens the app again on the same database. */
  restart(): this {
    return this.#step('restart', (stage) => stage.restart())
  }

  /** The browser puts the page away, or brings it back. */
  putAway(): this {
    return this.#step('put away', ({ here }) => here.tab.putAway())
  }

  bringBack(): this {
    return this.#step('bring back', ({ here }) => here.tab.bringBack())
  }

  /** The connection is cut, or comes back; the device is told. */
  online(connected: boolean): this {
    return this.#step(`online ${connected}`, ({ here }) => here.setOnline(connected))
  }

  /** So long later by the clock on the wall, as after a night with the device switched off. */
  jumpClock(ms: number): this {
    return this.#step(`jump clock ${ms}`, ({ here }) => here.device.jumpClock(ms))
  }

  /** Runs the timers of so many ms. */
  runTimers(ms: number): this {
    return this.#step(`run timers ${ms}`, ({ here }) => here.device.advance(ms))
  }

  // What is then.

  expectLocal(table: TableName, rows: readonly Fields[]): this {
    return this.#step(`expect local ${table}`, async ({ here }) =>
      expect(await here.db.table(table).toArray()).toMatchObject(rows),
    )
  }

  expectServer(table: TableName, rows: readonly Fields[]): this {
    return this.#step(`expect server ${table}`, ({ backend }) =>
      expect(backend.rows(table)).toMatchObject(rows),
    )
  }

  /** All events of note that were heard since the beginning. */
  expectEvents(...names: SyncEventName[]): this {
    return this.#step('expect events', ({ heard }) => expect(heard).toEqual(names))
  }

  expectLetters(...codes: string[]): this {
    return this.#step('expect letters', async ({ here }) =>
      expect((await here.sync.deadLetters.list()).map(({ reason }) => reason.code)).toEqual(codes),
    )
  }

  /** So many changes wait, as soon as that is so. */
  expectWaiting(count: number): this {
    return this.#step(`expect ${count} waiting`, ({ here }) =>
      here.until(status(here.sync, ({ pending }) => pending === count)),
    )
  }

  /** Reads pass again, and the pull that is under way comes to its end. */
  expectPulled(): this {
    return this.#step('expect pulled', ({ here, wire }) => {
      wire.letReadsGo()
      return here.until(status(here.sync, ({ state }) => state === 'idle'))
    })
  }

  expectConflicts(...codes: string[]): this {
    return this.#step('expect conflicts', async ({ here }) =>
      expect((await here.sync.conflicts.list()).map(({ code }) => code)).toEqual(codes),
    )
  }

  /** Nothing stands in the way any more: everything leaves, and both sides hold the same rows. */
  quiet(): this {
    return this.#step('quiet', async ({ here, wire, backend }) => {
      wire.letGo()
      await here.synced()
      await expectSameRows(here.db, backend)
      wire.hold()
    })
  }

  #step(text: string, run: (stage: Stage) => unknown): this {
    this.#steps.push({ text, run })
    return this
  }
}

async function keyOf({ here }: Stage, table: TableName, which: Fields): Promise<number | string> {
  const found = await here.db.table(table).where(which).primaryKeys()
  expect(found, `rows like ${Object.keys(which).join(', ')}`).toHaveLength(1)
  return found[0] as number | string
}

interface ScriptOptions extends Setting {
  /** Only with a server that honours Idempotency-Key, or only with one that does not. Default: both. */
  readonly idempotent?: boolean
}

/** A test of a script in every world it makes sense in. `title` begins with the row of the catalogue. */
export function scriptTest(
  title: string,
  write: (script: Script) => Script,
  options: ScriptOptions = {},
): void {
  const worlds = [true, false]
    .filter((idempotent) => idempotent === (options.idempotent ?? idempotent))
    .flatMap((idempotent) => (['cloned', 'disabled'] as const).map((cache): World => ({ idempotent, cache })))
  for (const world of worlds)
    it(`${title} (${world.idempotent ? 'with' : 'without'} Idempotency-Key, cache ${world.cache})`, () =>
      write(new Script()).play(new Stage(world, options)))
}
