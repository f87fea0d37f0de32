import { describe, expect, it } from 'vitest'
import { expectSameRows, journey } from '../support/journey'

describe('a server that comes back', () => {
  it('gets one request, then two, four and eight at once, not all that may fly (J4)', async () => {
    const { db, backend, device, tab, settled } = await journey({
      config: { sync: { push: { concurrency: 8 } } },
    })
    await settled()
    backend.down()
    await db.notes.bulkAdd(Array.from({ length: 60 }, (_, i) => ({ id: `n${i}`, text: 'x' })))
    await device.advance(600_000)
    let flying = 0
    const seen: number[] = []
    const { fetch } = tab
    tab.fetch = async (request) => {
      if (request.method === 'POST') seen.push(++flying)
      await new Promise<void>((resolve) => tab.timer(resolve, 100))
      const answer = await fetch(request)
      if (request.method === 'POST') flying--
      return answer
    }
    backend.up()
    await settled()
    expect(Math.max(...seen)).toBe(8)
    const firstOf = (count: number) => seen.findIndex((many) => many >= count)
    expect(seen[0]).toBe(1)
    // So many answers must have come before so many may fly.
    expect([firstOf(3) >= 3, firstOf(5) >= 7, firstOf(8) >= 14]).toEqual([true, true, true])
    expect(backend.asked({ method: 'POST' })).toHaveLength(60)
    await expectSameRows(db, backend)
  })
})
