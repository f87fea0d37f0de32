import { describe, expect, it } from 'vitest'
import { expectSameRows, journey } from '../support/journey'

describe('a large drain', () => {
  it('tells how far it is', async () => {
    const { db, sync, backend, setOnline, settled } = await journey({ online: false })
    const heard: { done: number; total?: number }[] = []
    sync.on('progress', (progress) => {
      if (progress.phase === 'push') heard.push(progress)
    })
    await db.notes.bulkAdd(Array.from({ length: 100 }, (_, i) => ({ id: `n${i}`, text: 'x' })))
    setOnline(true)
    await settled()
    expect(heard.length).toBeGreaterThan(0)
    expect(heard.every(({ done, total }) => done > 0 && total === 100)).toBe(true)
    await expectSameRows(db, backend)
  })
})
