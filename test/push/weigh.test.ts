import { describe, expect, it } from 'vitest'
import type { Outcome, Reason } from '../../src/model/outcome'
import { weigh } from '../../src/push/weigh'

const reason = (code: Reason['code']): Reason => ({ code, at: 0 })
const accepted: Outcome = { kind: 'accepted' }
const rejected: Outcome = { kind: 'rejected', reason: reason('rejected') }
const conflict: Outcome = { kind: 'conflict', reason: reason('conflict') }
const failed: Outcome = { kind: 'unknown', reason: reason('server-failed'), spends: true }
const away: Outcome = { kind: 'unknown', reason: reason('server-busy'), spends: false, pause: 9 }
const notSent: Outcome = { kind: 'retry', reason: reason('network-failed'), spends: false, release: true }
const heard: Outcome = { kind: 'unknown', reason: reason('unknown-outcome'), spends: false, awaitsPull: true }
const login: Outcome = { kind: 'retry', reason: reason('auth-required'), spends: false }
const stopped: Outcome = { kind: 'unknown', reason: reason('stopped'), spends: false }
const broken: Outcome = { kind: 'unknown', reason: reason('bad-answer'), spends: false }
const spared: Outcome = { kind: 'retry', reason: reason('rejected'), spends: false }

/** Weighs the outcomes of one request and writes down what is said of the server. */
function weighed(outcomes: Outcome[], counts = true) {
  const said: string[] = []
  const origin = {
    answeredWell: () => void said.push('well'),
    failed: ({ code }: Reason, pause?: number) => void said.push(`away ${code} ${pause ?? '-'}`),
    failedRequest: ({ code }: Reason) => {
      said.push(`failed ${code}`)
      return counts
    },
  }
  const authRequired = () => void said.push('login')
  return {
    said,
    result: weigh({ origin, authRequired } as unknown as Parameters<typeof weigh>[0], outcomes, 0),
  }
}

describe('what the outcomes of a request say of the server', () => {
  const table: [string, Outcome[], string[]][] = [
    ['accepted: it is well', [accepted], ['well']],
    ['refused: it is well', [rejected], ['well']],
    ['a conflict: it is well', [conflict], ['well']],
    ['heard: it is well', [heard, heard], ['well']],
    ['failed: that is one failure', [failed], ['failed server-failed']],
    ['away: it is left alone, as long as it asks', [away], ['away server-busy 9']],
    ['not reached: it is left alone', [notSent], ['away network-failed -']],
    ['no login: that is not its fault', [login], ['login']],
    ['ended by us: nothing', [stopped], []],
    ['an answer nobody understands: one failed request, not all of it', [broken], ['failed bad-answer']],
    ['many failed at once: one failure', [failed, failed, failed], ['failed server-failed']],
    ['many not reached at once: away once', [away, away, away], ['away server-busy 9']],
    ['one of many judged: it is well, whatever became of the others', [spared, rejected, failed], ['well']],
  ]

  it.each(table)('%s', (_, outcomes, said) => {
    expect(weighed(outcomes).said).toEqual(said)
  })
})

describe('an attempt', () => {
  it('is spent by a failure that counts', () => {
    expect(weighed([failed], true).result).toEqual([failed])
  })

  it('is not spent while the server fails everybody', () => {
    expect(weighed([failed, failed], false).result).toEqual(
      [failed, failed].map((one) => ({ ...one, spends: false })),
    )
  })

  it('is spent by an answer nobody understands, while others are understood', () => {
    expect(weighed([broken], true).result).toEqual([{ ...broken, spends: true }])
  })

  it.each([
    ['accepted', accepted],
    ['away', away],
    ['heard', heard],
    ['login', login],
  ])('is not touched by what spends none: %s', (_, outcome) => {
    expect(weighed([outcome]).result).toEqual([outcome])
  })
})
