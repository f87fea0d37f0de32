import { expect, it } from 'vitest'
import { secondTab } from '../hostile/second-tab'
import type { FakeTab } from '../support/fake-environment'
import { eventLog, expectSameRows, journey } from '../support/journey'

/** The answer to the next request of this kind is in the test's hands. */
function takeAnswer(tab: FakeTab, method: string) {
  let answer: (response: Response) => void = () => {}
  const asked = new Promise<void>((arrived) => {
    const { fetch } = tab
    tab.fetch = (request) => {
      if (request.method !== method) return fetch(request)
      tab.fetch = fetch
      arrived()
      return new Promise((resolve) => {
        answer = resolve
      })
    }
  })
  return { asked, answer: (status: number, body: unknown) => answer(Response.json(body, { status })) }
}

/** The first tab falls asleep with a request on its way, and the second one sends it again. */
async function overslept() {
  const first = await journey()
  await first.settled()
  const { backend, tab, until } = first
  const second = await secondTab(first)
  const post = takeAnswer(tab, 'POST')
  await first.db.notes.add({ id: 'n', text: 'one' })
  await until(post.asked)
  tab.freeze()
  const again = backend.holdNext({ method: 'POST' })
  await second.db.notes.update('n', { text: 'two' })
  await until(again.arrived)
  expect(second.sync.isLeader()).toBe(true)
  const heard = eventLog(second.sync, 'conflict', 'dead-letter')
  const wakes = () => {
    tab.thaw()
    post.answer(422, { error: 'no' })
  }
  return { first, second, again, wakes, heard }
}

it('E2 a leader that slept over its answer settles nothing when it wakes', async () => {
  const { first, second, again, wakes, heard } = await overslept()
  const { backend, device } = first
  wakes()
  await device.settle()
  again.release()
  await device.advance(120_000)
  expect(backend.rows('notes')).toMatchObject([{ text: 'two', version: 2 }])
  expect(heard).toEqual([])
  expect(await second.sync.deadLetters.list()).toEqual([])
  await expectSameRows(second.db, backend)
})

it('E2 nor does it once another tab has settled the request', async () => {
  const { first, second, again, wakes, heard } = await overslept()
  const { backend, device } = first
  const update = backend.holdNext({ method: 'PATCH' })
  again.release()
  await first.until(update.arrived)
  wakes()
  await device.settle()
  expect(await second.sync.deadLetters.list()).toEqual([])
  update.release()
  await device.advance(120_000)
  expect(heard).toEqual([])
  await expectSameRows(second.db, backend)
})

it('E2 nor does it end a pause that the next leader keeps', async () => {
  const { first, second, again, wakes } = await overslept()
  const { backend, device, until } = first
  again.release()
  await device.advance(30_000)
  await until(second.sync.pause())
  wakes()
  await until(first.sync.resume())
  await second.db.notes.update('n', { text: 'three' })
  await device.advance(30_000)
  expect(second.sync.getStatus().state).toBe('idle')
  expect(backend.rows('notes')).toMatchObject([{ text: 'three' }])
})

it.each([1, 1001])('E2 a leader that slept over a page of %i rows applies none of them', async (count) => {
  const pages = { sync: { pull: { pageSize: 2_000 } } }
  const first = await journey({ config: pages })
  await first.settled()
  const { backend, tab, device, until } = first
  const second = await secondTab(first, pages)
  const rows = Array.from({ length: count }, (_, i) => backend.insert('posts', { title: `row ${i}` }))
  const page = takeAnswer(tab, 'GET')
  const pulled = first.sync.pull().catch(() => {})
  await until(page.asked)
  tab.freeze()
  const asked = backend.holdNext({ method: 'GET' })
  await second.db.notes.add({ id: 'n', text: 'work to take the lead for' })
  await until(asked.arrived)
  expect(second.sync.isLeader()).toBe(true)
  tab.thaw()
  page.answer(200, rows)
  await device.settle()
  expect(await second.db.posts.count()).toBe(0)
  asked.release()
  await device.advance(120_000)
  await pulled
  await expectSameRows(second.db, backend)
})
