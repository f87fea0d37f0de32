import { describe, expect, it } from 'vitest'
import { type ApiAnswer, createBackend } from '../support/backend'
import { expectSameRows, type Journey, journey } from '../support/journey'
import { trueTime } from '../support/true-time'

const day = 86_400_000

/** A row is made, the clock is set back at the first of these answers, and the row arrives all the same. */
async function expectSentAfterSetBack(...answers: ApiAnswer[]): Promise<void> {
  const { db, backend, settled, device, until } = await journey()
  await settled()
  for (const answer of answers) backend.respondNext(1, answer, { method: 'POST' })
  const sent = backend.nextRequest({ method: 'POST' })
  await db.posts.add({ title: 'x' })
  await until(sent)
  await device.settle()
  device.jumpClock(-day)
  await device.advance(300_000)
  expect(backend.rows('posts')).toHaveLength(1)
  await settled()
  await expectSameRows(db, backend)
}

describe('a clock that is set back by a day', () => {
  it('while a request waits for its next try does not make it wait for a day', async () => {
    await expectSentAfterSetBack({ status: 500, body: { error: 'oops' } })
  })

  it('after an answer that came late does not make its request wait for hours', async () => {
    const { db, backend, settled, device } = await journey()
    await settled()
    const held = backend.holdNext({ method: 'POST' }, { answer: { status: 500 } })
    await db.posts.add({ title: 'x' })
    await held.arrived
    device.jumpClock(day / 2)
    held.release()
    await device.settle()
    device.jumpClock(-day / 4)
    await device.advance(300_000)
    expect(backend.rows('posts')).toHaveLength(1)
    await settled()
    await expectSameRows(db, backend)
  })

  it('while the server is left alone does not leave it alone for a day', async () => {
    await expectSentAfterSetBack({ status: 503, headers: { 'retry-after': '20' } })
  })

  it('while the server is left alone does not leave it alone for a day where it fails once more', async () => {
    await expectSentAfterSetBack({ status: 503, headers: { 'retry-after': '20' } }, { status: 503 })
  })

  it('does not make a key of yesterday a fresh one: what may have arrived is for a person', async () => {
    const backend = createBackend()
    const { db, sync, settled, device, tab, until, setOnline } = await journey({ backend })
    let shift = 0
    const told = (answer: ApiAnswer) => ({
      ...answer,
      headers: { ...answer.headers, date: new Date(device.now() + shift).toUTCString() },
    })
    backend.changeNext(1_000, told, { method: 'GET' })
    await settled()
    await until(sync.sync())
    backend.dropResponse(1, { method: 'POST' })
    const sent = backend.nextRequest({ method: 'POST' })
    await db.posts.add({ title: 'x' })
    await until(sent)
    await device.settle()
    setOnline(false)
    device.jumpClock(-day)
    shift = day
    tab.freeze()
    await device.advance(25 * 3_600_000)
    tab.thaw()
    setOnline(true)
    await device.advance(600_000)
    expect(backend.asked({ method: 'POST' })).toHaveLength(1)
    expect(await sync.conflicts.list()).toMatchObject([{ code: 'unknown-outcome', state: 'parked' }])
  })
})

describe('a clock that was a day behind and is set right', () => {
  it('stays right for a tab that leads anew before it has kept what the server said of it', async () => {
    const world = trueTime({ skew: -day })
    const start = await journey({ ...world, config: { conflicts: { policy: 'lww' } } })
    const { db, backend, settled, until, device, setOnline } = start
    await db.notes.add({ id: 'n', text: 'base' })
    await settled()
    world.jump(day)
    const heard = backend.holdNext({ method: 'POST', path: '/api/notes' })
    const unheard = backend.holdNext({ method: 'POST', path: '/api/posts' })
    await db.notes.add({ id: 'other', text: 'x' })
    await db.posts.add({ title: 'x' })
    await until(Promise.all([heard.arrived, unheard.arrived]))
    heard.release()
    await device.settle()
    setOnline(false)
    db.close()
    await device.advance(10_000)
    await db.open()
    unheard.release()
    await device.advance(10_000)
    await othersWriteLater(start, 'theirs')
    expect(backend.rows('notes')).toMatchObject([{ text: 'theirs' }, { text: 'x' }])
    await expectSameRows(db, backend)
    setOnline(false)
    const again = await start.reload()
    await othersWriteLater(again, 'theirs again')
    expect(backend.rows('notes')).toMatchObject([{ text: 'theirs again' }, { text: 'x' }])
  })
})

/** What is written here offline is overtaken by somebody else, later than what was stamped ahead goes back to. */
async function othersWriteLater(
  { db, backend, device, setOnline, settled }: Journey,
  text: string,
): Promise<void> {
  await db.notes.update('n', { text: 'mine' })
  await device.advance(600_000)
  backend.change('notes', 'n', { text })
  setOnline(true)
  await settled()
}
