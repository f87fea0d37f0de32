import { describe, expect, it } from 'vitest'
import { judgeVitals } from './judge-vitals'

const vitals = { heap: 5, listeners: 60, channels: 2, locks: ['drain', 'election'] }

describe('the vitals of two rounds', () => {
  it('may differ by a fifth of the heap', () => {
    expect(judgeVitals([[vitals], [{ ...vitals, heap: 6 }]], 0)).toEqual([])
  })

  it.each([
    ['heap', { heap: 6.1 }, 'device 1: MB of heap 5.00 at first, 6.10 in the end'],
    ['listeners', { listeners: 61 }, 'device 1: listeners 60 at first, 61 in the end'],
    ['channels', { channels: 3 }, 'device 1: channels 2 at first, 3 in the end'],
    ['locks', { locks: ['drain'] }, 'device 1: locks drain,election at first, drain in the end'],
  ])('may not differ by %s', (_, changed, failure) => {
    expect(judgeVitals([[vitals], [vitals], [{ ...vitals, ...changed }]], 1)).toEqual([failure])
  })

  it('are two', () => {
    expect(() => judgeVitals([[vitals]], 0)).toThrow('no two rounds')
  })
})
