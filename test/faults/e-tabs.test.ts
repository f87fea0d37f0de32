import { expect, it } from 'vitest'
import { secondTab } from '../hostile/second-tab'
import { eventLog, expectSameRows, journey } from '../support/journey'

it('E2 a leader that slept over its answer settles nothing when it wakes', async () => {
  const first = await journey()
  await first.settled()
  const { backend, device, tab, until } = first
  const second = await secondTab(first)
  let answer: (response: Response) => void = () => {}
  const asked = new Promise<void>((arrived) => {
    const { fetch } = tab
    tab.fetch = (request) => {
      if (request.method !== 'POST') return fetch(request)
      arrived()
      return new Promise((resolve) => {
        answer = resolve
      })
    }
  })
  await first.db.notes.add({ id: 'n', text: 'one' })
  await until(asked)
  tab.freeze()
  const again = backend.holdNext({ method: 'POST' })
  await second.db.notes.update('n', { text: 'two' })
  await until(again.arrived)
  expect(second.sync.isLeader()).toBe(true)
  const heard = eventLog(second.sync, 'conflict', 'dead-letter')
  tab.thaw()
  answer(new Response('{"error":"no"}', { status: 422, headers: { 'content-type': 'application/json' } }))
  await device.settle()
  again.release()
  await device.advance(120_000)
  expect(backend.rows('notes')).toMatchObject([{ text: 'two', version: 2 }])
  expect(heard).toEqual([])
  expect(await second.sync.deadLetters.list()).toEqual([])
  await expectSameRows(second.db, backend)
})
