import { describe, expect, it } from 'vitest'
import {
  askKeyset,
  type KeysetAnswer,
  type KeysetPosition,
  stepKeyset,
} from '../../../src/protocol/rest/keyset'

const options = { fields: ['at'], overlap: 10_000 }
const T = 1_700_000_000_000

/** What a page of rows with these times, asked for and answered then, leads to. */
function step(position: KeysetPosition | undefined, times: number[], more: Partial<KeysetAnswer>) {
  const rows = times.map((at, id) => ({ id, at }))
  const asked = { limit: 2, largest: 2, hasMore: undefined, elapsed: 0, askedAt: 0, now: 0 }
  const answer = { position, ask: askKeyset(position, options, asked.askedAt), rows, ...asked, ...more }
  const made = stepKeyset(answer, options)
  return made.kind === 'page' ? made.position : made.kind
}

const quiet = { last: { at: T }, since: 1_000 }

describe('where the next pull by time begins', () => {
  it('lies back by the overlap, and by the time the pages of the last one took', () => {
    const first = step(undefined, [T - 9, T - 4], { askedAt: 500, now: 700 })
    expect(first).toEqual({ last: { at: T - 4 }, since: 700, next: { at: T - 9 }, begun: 500 })
    const second = step(first as KeysetPosition, [T], { askedAt: 60_000, now: 61_000 })
    expect(second).toEqual({ last: { at: T }, since: 61_000, took: 60_500 })
    expect(askKeyset(second as KeysetPosition, options, 61_000).from).toEqual({ at: T - 10_000 - 60_500 })
    const third = step(second as KeysetPosition, [T], { askedAt: 62_000, now: 63_000 })
    expect(third).toEqual({ last: { at: T }, since: 61_000 })
  })

  it.each<[string, Partial<KeysetAnswer>, number[], boolean]>([
    ['asked before its time had passed', { askedAt: 10_999, now: 30_000 }, [T], false],
    ['asked after that', { askedAt: 11_000, now: 11_100 }, [T], true],
    ['without the newest row', { askedAt: 400_000, now: 400_100 }, [T - 5], false],
    ['without any row', { askedAt: 400_000, now: 400_100 }, [], false],
    ['without the newest row for ten minutes', { askedAt: 601_000, now: 601_100 }, [T - 5], true],
  ])('needs no overlap after an answer %s: %#', (_, more, times, settled) => {
    expect(step(quiet, times, more)).toEqual({ ...quiet, ...(settled && { settled }) })
  })
})
