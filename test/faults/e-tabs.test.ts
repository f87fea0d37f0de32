import { expect, it } from 'vitest'
import { secondTab } from '../hostile/second-tab'
import { eventLog, expectSameRows, journey } from '../support/journey'

it('E2 a leader that slept over its answer settles nothing twice when it wakes', async () => {
  const first = await journey()
  await first.settled()
  const { backend, device, until } = first
  const second = await secondTab(first)
  const held = backend.holdNext({ method: 'POST' })
  await first.db.notes.add({ id: 'n', text: 'one' })
  await until(held.arrived)
  first.tab.freeze()
  await second.db.notes.update('n', { text: 'two' })
  await device.advance(120_000)
  expect(second.sync.isLeader()).toBe(true)
  expect(backend.rows('notes')).toMatchObject([{ text: 'two', version: 2 }])
  const conflicts = eventLog(second.sync, 'conflict', 'dead-letter')
  first.tab.thaw()
  held.release()
  await device.advance(120_000)
  expect(await first.db.notes.toArray()).toMatchObject([{ text: 'two', version: 2 }])
  expect(backend.rows('notes')).toMatchObject([{ text: 'two', version: 2 }])
  expect(conflicts).toEqual([])
  await expectSameRows(second.db, backend)
})
