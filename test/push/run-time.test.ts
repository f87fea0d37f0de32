import { describe, expect, it } from 'vitest'
import { RunTime } from '../../src/push/run-time'

const second = 1_000
const minute = 60 * second

/** A run that began when record 5 of the log was the last, and so long later. */
function later(
  { wall = 0, monotonic = wall }: { wall?: number; monotonic?: number },
  takesLater = true,
): RunTime {
  const clocks = { wall: 1_000_000, monotonic: 500 }
  const env = { now: () => clocks.wall, monotonic: () => clocks.monotonic }
  const time = new RunTime(env, 5, () => takesLater)
  clocks.wall += wall
  clocks.monotonic += monotonic
  return time
}

const record = (seq: number) => ({ entries: [{ ref: [seq, 0] as const, kind: 'update' as const, at: 0 }] })

describe('a run of push', () => {
  it.each([
    { seq: 5, after: 9 * minute, takes: true },
    { seq: 6, after: 9 * second, takes: true },
    { seq: 6, after: 10 * second, takes: false },
    { seq: 6, after: minute, hangs: 9 * second, takes: true },
    { seq: 6, after: minute, hangs: 10 * second, takes: false },
    { seq: 6, after: 12 * second, hangs: 8 * second, takes: false },
    { seq: 5, after: 0, takesLater: false, takes: true },
    { seq: 6, after: 0, takesLater: false, takes: false },
    { seq: 6, after: 5 * second, hangs: 0, takesLater: false, takes: true },
  ])(
    'with the last record 5 takes one of record $seq after $after ms, beside a request sent at $hangs: $takes',
    ({ seq, after, hangs, takesLater, takes }) => {
      const oldest = hangs === undefined ? undefined : 500 + hangs
      expect(later({ wall: after }, takesLater).takes(record(seq), oldest)).toBe(takes)
    },
  )

  it.each([
    { wall: 9 * minute, monotonic: 9 * minute, isOver: false },
    { wall: 10 * minute, monotonic: 0, isOver: true },
    { wall: -60 * minute, monotonic: 10 * minute, isOver: true },
    { wall: -60 * minute, monotonic: minute, isOver: false },
  ])(
    'is over after $wall ms by the wall clock and $monotonic by the other: $isOver',
    ({ isOver, ...clocks }) => {
      expect(later(clocks).isOver).toBe(isOver)
    },
  )
})
