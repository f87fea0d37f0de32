import { describe, expect, it } from 'vitest'
import { counting, waitFor, waitForAll } from '../../src/model/rate-limit'

const limit = { requests: 3, per: 100 }

describe('a limit of 3 requests per 100 ms', () => {
  it.each([
    ['nothing was sent', [], 0, 0, 0],
    ['there is room', [10, 20], 30, 0, 90],
    ['it is used up', [10, 20, 30], 40, 70, 90],
    ['the oldest has just stopped counting', [10, 20, 30], 110, 0, 20],
    ['the oldest counts for one more ms', [10, 20, 30], 109, 1, 21],
    ['more were sent than it allows', [1, 10, 20, 30], 40, 70, 90],
    ['all were long ago', [10, 20, 30], 500, 0, 0],
  ])('waits rightly when %s', (_, sent, now, one, all) => {
    expect([waitFor(sent, limit, now), waitForAll(sent, limit, now)]).toEqual([one, all])
  })

  it('forgets what no longer counts', () => {
    expect(counting([10, 20, 30], limit, 120)).toEqual([30])
  })
})
