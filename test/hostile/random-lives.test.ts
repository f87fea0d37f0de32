import { forceCloseDatabase } from 'fake-indexeddb'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { SyncEngine } from '../../src/index'
import { createSync } from '../../src/sync'
import { Blog } from '../support/blog'
import { type FakeTab, nothingOpen, seededRandom } from '../support/fake-environment'
import { blogRoutes, expectSameRows, type Journey, journey, quiet } from '../support/journey'

/** One tab of the device, replaced by a new one when it crashes. */
interface Life {
  readonly tab: FakeTab
  readonly db: Blog
  readonly sync: SyncEngine
  /** What the engine was asked and has not answered. */
  readonly open: Set<string>
}

const words = [
  ...['start', 'start', 'stop', 'stop', 'pause', 'resume', 'sync', 'push', 'pull', 'write', 'write'],
  ...[
    'stop in a listener',
    'restart in a listener',
    'close',
    'open',
    'lose',
    'put away',
    'bring back',
    'crash',
  ],
]

/** Refusals that a call must expect in such a life. */
const expected = ['stopped', 'no-leader', 'database-closed', 'storage-failed']

const sequencesATest = 250

function bear({ backend, device, db: { name } }: Journey): Life {
  const tab = device.tab({ fetch: (request) => backend.fetch(request) })
  const db = new Blog(name)
  const config = { baseUrl: 'https://api.example.test', routes: blogRoutes, autoStart: false }
  return { tab, db, sync: createSync(db, config, tab), open: new Set() }
}

/** Notes that the engine owes an answer, and fails on one that nobody could expect. */
function owe(life: Life, word: string, answer: Promise<unknown>, unexpected: unknown[]): void {
  life.open.add(word)
  answer
    .catch((error) => {
      if (!expected.includes(error?.code)) unexpected.push([word, error])
    })
    .finally(() => life.open.delete(word))
}

/** Dexie loses sight of a connection that comes after the close() during which it was opened. */
function closeAllAtTheEnd(): void {
  const connections: IDBDatabase[] = []
  const open = indexedDB.open.bind(indexedDB)
  const spy = vi.spyOn(indexedDB, 'open').mockImplementation((...how) => {
    const request = open(...how)
    request.addEventListener('success', () => connections.push(request.result))
    return request
  })
  onTestFinished(() => {
    spy.mockRestore()
    for (const connection of connections) connection.close()
  })
}

describe.each([1, 2, 3, 4])('lives at random, lot %i', (lot) => {
  it(`${sequencesATest} of them end with nothing running, no call unanswered, and every write at the server once`, async () => {
    const here = await journey()
    closeAllAtTheEnd()
    const { backend, device, until, settled } = here
    await settled()
    await until(here.sync.stop())
    let lives = [bear(here), bear(here)]
    let written = 0

    for (let number = 0; number < sequencesATest; number++) {
      const seed = lot * 10_000 + number
      const random = seededRandom(seed)
      const pick = <T>(among: readonly T[]) => among[Math.floor(random() * among.length)]!
      const told: string[] = []
      const unexpected: unknown[] = []
      const deafen: (() => void)[] = []

      for (let step = 2 + Math.floor(random() * 10); step > 0; step--) {
        const which = Math.floor(random() * 2)
        const life = lives[which]!
        const { sync, db, tab } = life
        const word = pick(words)
        told.push(`${which}: ${word}`)
        const ask = (name: 'start' | 'stop' | 'pause' | 'resume' | 'sync' | 'push' | 'pull') =>
          owe(life, `${told.length} ${name}`, sync[name](), unexpected)
        if (word === 'write') {
          // The app of a closed database cannot write, and hears so.
          const saved = db.posts.add({ title: `${seed}-${step}` }).then(() => written++)
          saved.catch(() => undefined)
          await until(Promise.resolve(saved).catch(() => undefined))
        } else if (word === 'stop in a listener') deafen.push(sync.once('pull-start', () => ask('stop')))
        else if (word === 'restart in a listener')
          deafen.push(
            sync.once('push-start', () => {
              ask('stop')
              ask('start')
            }),
          )
        else if (word === 'close') db.close({ disableAutoOpen: random() < 0.5 })
        else if (word === 'open') db.open().catch(() => undefined)
        else if (word === 'lose') {
          if (db.isOpen()) forceCloseDatabase(db.backendDB() as never)
        } else if (word === 'put away') tab.putAway()
        else if (word === 'bring back') tab.bringBack()
        else if (word === 'crash') {
          tab.crash()
          db.close()
          lives = lives.map((one) => (one === life ? bear(here) : one))
        } else ask(word as 'start')
        const pause = random()
        if (pause < 0.3) await Promise.resolve()
        else if (pause < 0.6)
          for (let i = random() * 20; i > 0; i--) await new Promise((turn) => setImmediate(turn))
        else if (pause < 0.8) await device.settle()
        else await device.advance(random() * 20_000)
      }

      const story = `seed ${seed}: ${told.join(', ')}`
      for (const stopListening of deafen) stopListening()
      for (const { tab } of lives) tab.bringBack()
      await until(Promise.all(lives.map(({ sync }) => sync.stop())))
      await device.settle()
      for (const { tab, open } of lives) {
        expect(tab.open(), story).toEqual(nothingOpen)
        expect([...open], `unanswered, ${story}`).toEqual([])
        expect(tab.reports, story).toEqual([])
      }
      expect(unexpected, story).toEqual([])
    }

    await until(Promise.all(lives.map(({ sync }) => sync.start())))
    await until(lives[0]!.sync.resume())
    await until(lives[0]!.sync.sync())
    await until(quiet(lives[0]!.sync))
    const titles = backend.rows('posts').map(({ title }) => title)
    expect(titles).toHaveLength(written)
    expect(new Set(titles).size).toBe(written)
    await expectSameRows(lives[0]!.db, backend)
    expect(lives.filter(({ sync }) => sync.isLeader())).toHaveLength(1)
    await until(Promise.all(lives.map(({ sync }) => sync.stop())))
  }, 120_000)
})
