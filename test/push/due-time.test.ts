import { describe, expect, it } from 'vitest'
import { requestTimeout } from '../../src/model/limits'
import { dueTime } from '../../src/push/due-time'

const gone = { epoch: 2, stolen: false }
const overtaken = { epoch: 2, stolen: true }

const request = { method: 'POST', url: '/api/notes' }
const large = { ...request, body: 'x'.repeat(1_000_000) }

describe('a request that was sent before is due', () => {
  it.each([
    ['at its time', { dueAt: 500, sentAt: 100, epoch: 2 }, 200, gone, 500],
    ['at its time, sent by a leader that is gone', { dueAt: 0, sentAt: 100, epoch: 1 }, 200, gone, 0],
    [
      'when its answer cannot come any more, sent by one that was overtaken',
      { dueAt: 0, sentAt: 100, epoch: 1 },
      200,
      overtaken,
      100 + requestTimeout,
    ],
    [
      'later where it carries much',
      { dueAt: 0, sentAt: 100, epoch: 1, request: large },
      200,
      overtaken,
      100 + requestTimeout + 100_000,
    ],
    [
      'at its time where that is later still',
      { dueAt: 99_000, sentAt: 100, epoch: 1 },
      200,
      overtaken,
      99_000,
    ],
    ['at its time where this leader sent it', { dueAt: 0, sentAt: 100, epoch: 2 }, 200, overtaken, 0],
    [
      'at once where the clock was set back after the answer, which had come long after the sending',
      { dueAt: 900, sentAt: 100, epoch: 2, reason: { code: 'auth-required', at: 900 } },
      200,
      gone,
      200,
    ],
    ['at once where the clock was set back', { dueAt: 500, sentAt: 100, epoch: 1 }, 50, overtaken, 50],
  ] as const)('%s', (_, fence, now, term, due) => {
    expect(dueTime({ request, ...fence }, now, term)).toBe(due)
  })
})
