import { describe, expect, it } from 'vitest'
import { expectSameRows, journey } from '../support/journey'

const hour = 3600_000

/** A device on which two rows were edited, and that fell asleep while the first request was on its way. */
async function asleep(hours: number) {
  const here = await journey({
    config: { sync: { push: { concurrency: 1 } }, conflicts: { policy: 'server-wins' } },
  })
  const { db, tab, device, settled } = here
  await db.notes.bulkAdd([
    { id: 'a', text: 'one' },
    { id: 'b', text: 'one' },
  ])
  await settled()
  return {
    ...here,
    sleep: async () => {
      tab.freeze()
      await device.advance(hours * hour)
    },
  }
}

describe('a device that slept while a push was under way', () => {
  it('looks again before the next change leaves', async () => {
    const { db, backend, tab, settled, until, sleep } = await asleep(8)
    const first = backend.holdNext({ method: 'PATCH' })
    await db.notes.toCollection().modify({ text: 'edited in the evening' })
    await until(first.arrived)
    await sleep()
    backend.change('notes', 'b', { text: 'edited elsewhere, by night' })
    tab.thaw()
    first.release()
    await settled()
    expect(backend.rows('notes')).toMatchObject([
      { id: 'a', text: 'edited in the evening' },
      { id: 'b', text: 'edited elsewhere, by night' },
    ])
    await expectSameRows(db, backend)
  })

  it('looks first whether a change has arrived whose answer told nothing, and whose key is too old by now', async () => {
    const { db, backend, tab, settled, until, sleep } = await asleep(25)
    const garbled = backend.holdNext({ method: 'PATCH' }, { answer: { status: 200, body: { id: 'other' } } })
    await db.notes.update('a', { text: 'edited' })
    await until(garbled.arrived)
    backend.change('notes', 'a', { text: 'edited' })
    await sleep()
    tab.thaw()
    garbled.release()
    await settled()
    expect(backend.asked({ method: 'PATCH' })).toHaveLength(1)
    await expectSameRows(db, backend)
  })
})
