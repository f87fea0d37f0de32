import { describe, expect, it } from 'vitest'
import { type PullRoute, resource } from '../../src/index'
import { secondTab } from '../hostile/second-tab'
import { expectSameRows, journey } from '../support/journey'

const post = { method: 'POST' }
const oneNote = { method: 'GET', path: '/api/notes/' }
const minute = 60_000
const hour = 60 * minute

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** One moment in the three forms of HTTP. */
function forms(ms: number): Record<'imf' | 'rfc850' | 'asctime', string> {
  const imf = new Date(ms).toUTCString()
  const [, day, month, year, time] = imf.match(/^..., (\d\d) (...) (\d{4}) (\S+) GMT$/)!
  const weekday = days[new Date(ms).getUTCDay()]!
  return {
    imf,
    rfc850: `${weekday}, ${day}-${month}-${year!.slice(2)} ${time} GMT`,
    asctime: `${weekday.slice(0, 3)} ${month} ${day!.replace(/^0/, ' ')} ${time} ${year}`,
  }
}

/** What the header says when the answer is given, and how long the server is left alone for it, ms: at least, at most. */
const cases: [string, (now: number) => string, number, number][] = [
  ['seconds', () => '120', 2 * minute, 2.3 * minute],
  ['a date', (now) => forms(now + 2 * minute).imf, 2 * minute - 2_000, 2.3 * minute],
  ['a date of the old form', (now) => forms(now + 2 * minute).rfc850, 2 * minute - 2_000, 2.3 * minute],
  ['a date of C', (now) => forms(now + 2 * minute).asctime, 2 * minute - 2_000, 2.3 * minute],
  ['a day', () => '86400', hour, hour + minute],
  ['the year 2099', () => 'Thu, 31 Dec 2099 23:59:59 GMT', hour, hour + minute],
  ['a number beyond all numbers', () => '9'.repeat(400), hour, hour + minute],
  ['a date that is past', (now) => forms(now - hour).imf, 0, minute],
  ['a negative number', () => '-5', 0, minute],
  ['nothing that can be read', () => 'soon; <script>', 0, minute],
]

describe('Retry-After with', () => {
  for (const status of [429, 503])
    it.each(cases)(
      `%s in a ${status} pauses the whole server for that long and spends nothing`,
      async (...given) => {
        const [, header, atLeast, atMost] = given
        const { db, sync, backend, device, until, settled } = await journey({
          config: { errors: { maxRetries: 0 } },
        })
        await settled()
        const refused = backend.nextRequest(post)
        backend.respondNext(1, { status, headers: { 'retry-after': header(device.now()) } }, post)
        await db.posts.add({ title: 'patient' })
        await until(refused)
        const asked = device.now()
        await device.settle()
        const before = backend.requests.length
        await device.advance(Math.max(0, atLeast - 1_000))
        expect(backend.requests.length).toBe(before)
        await until(backend.nextRequest({}))
        expect(device.now() - asked).toBeGreaterThanOrEqual(atLeast)
        expect(device.now() - asked).toBeLessThanOrEqual(atMost)
        await settled()
        expect(sync.getStatus().deadLetters).toBe(0)
        expect(backend.asked(post)).toHaveLength(2)
        await expectSameRows(db, backend)
      },
    )

  it('a time is not overruled by the person, a reload or the connection, and one lone request asks after it', async () => {
    const first = await journey({ config: { sync: { push: { concurrency: 8 } } } })
    await first.settled()
    const { backend, device } = first
    backend.respondNext(1_000, { status: 503, headers: { 'retry-after': '600' } }, post)
    await first.db.notes.bulkAdd(Array.from({ length: 20 }, (_, i) => ({ id: `n${i}`, text: 'x' })))
    await device.advance(10_000)
    const here = await first.reload()
    const asked = backend.requests.length
    await here.until(here.sync.sync())
    await here.until(here.sync.pull())
    here.tab.setOnline(false)
    here.tab.setOnline(true)
    here.tab.setVisible(true)
    await device.advance(500_000)
    expect(backend.requests.length).toBe(asked)
    await device.advance(130_000)
    expect(backend.requests.length - asked).toBe(1)
  })

  it('a time holds for the next leader', async () => {
    const first = await journey()
    await first.settled()
    const next = await secondTab(first)
    const { backend, device } = first
    backend.respondNext(1, { status: 429, headers: { 'retry-after': '600' } }, post)
    await first.db.posts.add({ title: 'patient' })
    await device.advance(10_000)
    const asked = backend.requests.length
    await first.until(first.sync.stop())
    await device.advance(500_000)
    expect([next.sync.isLeader(), backend.requests.length]).toEqual([true, asked])
    await device.advance(200_000)
    expect(backend.rows('posts')).toHaveLength(1)
  })

  it('a time holds for what was ready to leave, and for good answers to what had left before', async () => {
    const { db, backend, device, settled } = await journey({ config: { sync: { push: { concurrency: 3 } } } })
    await settled()
    backend.respondNext(1, { status: 429, headers: { 'retry-after': '120' } }, post)
    await db.notes.bulkAdd(Array.from({ length: 30 }, (_, i) => ({ id: `n${i}`, text: 'x' })))
    await device.advance(110_000)
    expect(backend.asked(post).length).toBeLessThanOrEqual(3)
    await settled()
    expect(backend.asked(post)).toHaveLength(31)
    await expectSameRows(db, backend)
  })

  it('a time heard by a push ends a pull after its page', async () => {
    const { db, backend, device, settled, sync } = await journey({
      config: { sync: { pull: { pageSize: 2 } } },
    })
    await settled()
    for (let i = 0; i < 40; i++) backend.insert('posts', { title: `${i}` })
    const pulled = sync.pull()
    await backend.nextRequest({ method: 'GET' })
    backend.respondNext(1, { status: 429, headers: { 'retry-after': '120' } }, post)
    const refused = backend.nextRequest(post)
    await db.notes.add({ id: 'n', text: 'x' })
    await refused
    await device.settle()
    await device.settle()
    const asked = backend.requests.length
    await device.advance(110_000)
    expect(backend.requests.length).toBe(asked)
    await pulled
    await settled()
    await expectSameRows(db, backend)
  })

  it('a time heard by a push ends a pull that asks for a larger page', async () => {
    const { db, backend, device, settled, sync } = await journey({
      config: { sync: { pull: { pageSize: 2 } } },
    })
    await settled()
    const together = { version: 1, updated_at: new Date(device.now()).toISOString() }
    for (let id = 1; id <= 9; id++) backend.store.put('posts', { id, title: `${id}`, ...together })
    const page = backend.holdNext({ method: 'GET' })
    const pulled = sync.pull()
    await page.arrived
    backend.respondNext(1, { status: 429, headers: { 'retry-after': '120' } }, post)
    const refused = backend.nextRequest(post)
    await db.notes.add({ id: 'n', text: 'x' })
    await refused
    await device.settle()
    const asked = backend.requests.length
    page.release()
    await device.advance(110_000)
    expect(backend.requests.length).toBe(asked)
    expect((await pulled).reason).toMatchObject({ code: 'server-busy' })
    await settled()
    await expectSameRows(db, backend)
  })

  it('a time in the answer to a pull pauses pushes as well', async () => {
    const { db, backend, device, until, sync, settled } = await journey()
    await settled()
    backend.respondNext(1, { status: 429, headers: { 'retry-after': '120' } }, { method: 'GET' })
    await until(sync.pull())
    const asked = backend.requests.length
    await db.posts.add({ title: 'patient' })
    await device.advance(110_000)
    expect(backend.requests.length).toBe(asked)
    await device.advance(60_000)
    expect(backend.rows('posts')).toHaveLength(1)
  })

  it('a time in the answer to a look at the row of a conflict holds as well, and spends nothing', async () => {
    const { db, sync, backend, device, settled } = await journey({ config: { errors: { maxRetries: 1 } } })
    await db.notes.add({ id: 'n', text: 'one' })
    await settled()
    backend.respondNext(1_000, { status: 409 }, { method: 'PATCH' })
    backend.respondNext(1_000, { status: 503, headers: { 'retry-after': '120' } }, oneNote)
    await db.notes.update('n', { text: 'two' })
    await device.advance(10_000)
    const asked = backend.requests.length
    await device.advance(100_000)
    expect(backend.requests.length).toBe(asked)
    await device.advance(2 * hour)
    expect(backend.asked(oneNote).length).toBeGreaterThan(2)
    expect(sync.getStatus().deadLetters).toBe(0)
  })

  it('a time heard before a conflict holds for the look at its row', async () => {
    const { db, backend, device, settled } = await journey()
    await db.notes.bulkAdd(['a', 'b'].map((id) => ({ id, text: 'one' })))
    await settled()
    const held = backend.holdNext({ method: 'PATCH' }, { answer: { status: 409 } })
    backend.respondNext(1, { status: 429, headers: { 'retry-after': '120' } }, { method: 'PATCH' })
    await db.notes.bulkUpdate(['a', 'b'].map((key) => ({ key, changes: { text: 'two' } })))
    await held.arrived
    await device.settle()
    const asked = backend.requests.length
    held.release()
    await device.advance(110_000)
    expect(backend.requests.length).toBe(asked)
    await settled()
    await expectSameRows(db, backend)
  })

  it.each(['a function of the route', 'the time between two pages'])(
    'a time is heeded by a page that waits for %s when it is heard',
    async (what) => {
      const isSlow = what.startsWith('a function')
      const pull = resource('/api/notes').pull as PullRoute
      let wait: Promise<unknown> | undefined
      const query = async () => {
        await wait
        return {}
      }
      const notes = isSlow ? { pull: { ...pull, query } } : {}
      const { db, backend, device, sync, settled } = await journey({
        config: {
          routes: { posts: resource('/api/posts'), notes: { ...resource('/api/notes'), ...notes } },
          sync: { interval: 0, pull: { pageSize: 2, ...(isSlow ? {} : { pageDelay: 5_000 }) } },
        },
      })
      await settled()
      let goOn = () => {}
      wait = new Promise<void>((resolve) => {
        goOn = resolve
      })
      for (const id of ['a', 'b', 'c']) backend.insert('notes', { id, text: 'x' })
      backend.respondNext(1, { status: 429, headers: { 'retry-after': '60' } }, post)
      void sync.pull()
      await device.advance(1_000)
      await db.posts.add({ title: 'too many' })
      await device.advance(1_000)
      const asked = backend.requests.length
      goOn()
      await device.advance(50_000)
      expect(backend.requests.length).toBe(asked)
      await settled()
      await expectSameRows(db, backend)
    },
  )
})
