import { describe, expect, it } from 'vitest'
import type { Reason } from '../../src/model/outcome'
import { Origin } from '../../src/outbox/origin'
import { doublingDelay, fullJitter, pastAsked } from '../../src/push/backoff'
import { seededRandom } from '../support/fake-environment'

const away: Reason = { code: 'server-busy', status: 503, at: 0 }

/**
 * Devices that all lose their server at the same moment, and ask again whenever they may. Answers the times of all
 * requests, ms; each device stops at its first good answer.
 */
function requestsOf(devices: number, upAt: number, asked?: number): number[] {
  let now = 0
  const all = Array.from({ length: devices }, (_, seed) => {
    const random = seededRandom(seed)
    const origin = new Origin(() => now, {
      own: (failures) => fullJitter(doublingDelay(failures), random()),
      asked: (ms) => pastAsked(ms, random()),
    })
    origin.failed(away, asked)
    return { origin, next: origin.wait }
  })
  const requests: number[] = []
  while (all.length > 0) {
    all.sort((a, b) => a.next - b.next)
    const device = all[0]!
    now = device.next
    requests.push(now)
    if (now >= upAt) all.shift()
    else {
      device.origin.failed(away)
      device.next = now + device.origin.wait
    }
  }
  return requests
}

/** The most requests within any one second after `from`. */
function mostPerSecond(requests: readonly number[], from: number): number {
  const after = requests.filter((time) => time >= from)
  return Math.max(...after.map((time, i) => after.slice(i).filter((later) => later < time + 1_000).length))
}

describe('200 devices whose server is away (J4)', () => {
  it('come at most 20 in a second from the second minute on, and when it is back', () => {
    const tenMinutes = 600_000
    expect(mostPerSecond(requestsOf(200, tenMinutes), 60_000)).toBeLessThanOrEqual(20)
    expect(mostPerSecond(requestsOf(200, tenMinutes), tenMinutes)).toBeLessThanOrEqual(20)
  })

  it('that named a time come spread over the seconds after it, none before', () => {
    const requests = requestsOf(200, 0, 120_000)
    expect(Math.min(...requests)).toBeGreaterThanOrEqual(120_000)
    expect(mostPerSecond(requests, 0)).toBeLessThanOrEqual(40)
  })
})
