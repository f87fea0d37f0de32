import { describe, expect, it } from 'vitest'
import { expectSameRows, journey } from '../support/journey'

describe('a long time offline', () => {
  it('with so many bulk edits that no memory holds them all still arrives, each row once', async () => {
    const { db, sync, backend, setOnline, settled } = await journey()
    await db.notes.bulkAdd(Array.from({ length: 200 }, (_, i) => ({ id: `n${i}`, text: 'first' })))
    await settled()
    setOnline(false)
    for (let round = 1; round <= 25; round++)
      await db.notes.toCollection().modify({ text: `round ${round}` })
    setOnline(true)
    await settled()
    expect(await sync.getDeadLetters()).toEqual([])
    expect(new Set(backend.rows('notes').map(({ text }) => text))).toEqual(new Set(['round 25']))
    await expectSameRows(db, backend)
  })

  it('with rows made and removed again before the one that counts sends that one in the same run', async () => {
    const { db, sync, backend, setOnline, settled, device } = await journey({
      config: { sync: { interval: 0 } },
    })
    await settled()
    setOnline(false)
    for (let i = 0; i < 12; i++) {
      await db.notes.add({ id: `gone${i}`, text: 'x' })
      await db.notes.delete(`gone${i}`)
    }
    await db.notes.add({ id: 'stays', text: 'y' })
    setOnline(true)
    await device.advance(20_000)
    await settled()
    expect(backend.rows('notes')).toMatchObject([{ id: 'stays' }])
    expect(await sync.getQueueDepth()).toBe(0)
  })
})
