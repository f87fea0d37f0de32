import { describe, expect, it } from 'vitest'
import { expectSameRows, journey } from '../support/journey'

describe('a long time offline', () => {
  it('with more edits of a row than memory holds still arrives, as one', async () => {
    const { db, sync, backend, setOnline, settled } = await journey({ online: false })
    for (let round = 0; round < 25; round++)
      await db.notes.bulkPut(Array.from({ length: 200 }, (_, i) => ({ id: 'hot', text: `${round} ${i}` })))
    setOnline(true)
    await settled()
    expect(await sync.getDeadLetters()).toEqual([])
    expect(backend.asked({ method: 'POST' })).toHaveLength(1)
    expect(await db.notes.toArray()).toMatchObject([{ id: 'hot', text: '24 199' }])
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
