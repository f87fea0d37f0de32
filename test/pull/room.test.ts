import { describe, expect, it } from 'vitest'
import type { Reason } from '../../src/model/outcome'
import { type Room, withoutRoom } from '../../src/pull/room'

const reason: Reason = { code: 'quota-exceeded', at: 1 }

function after(refusals: number, pageSize = 500): Room | undefined {
  let room: Room | undefined
  for (let i = 0; i < refusals; i++) room = withoutRoom(room, pageSize, 1_000_000, reason)
  return room
}

describe('a page that finds the disk full', () => {
  it.each([
    [1, 500, 250, 5_000],
    [2, 500, 125, 10_000],
    [3, 500, 62, 20_000],
    [6, 500, 7, 160_000],
    [7, 500, 3, 300_000],
    [20, 500, 1, 300_000],
    [1, 1, 1, 5_000],
  ])(
    '%i times in a row, of %i rows, is asked for with %i after a rest of %i ms',
    (times, pageSize, limit, rest) => {
      expect(after(times, pageSize)).toEqual({ limit, failures: times, restUntil: 1_000_000 + rest, reason })
    },
  )
})
