import { setTimeout as sleep } from 'node:timers/promises'
import { badRequest, Problem } from './problem'

/** What the server suffers from, switched on the page. */
export interface Forecast {
  /** Every answer takes this much longer, ms. */
  readonly slow: number
  /** Every request is answered 503. */
  readonly failing: boolean
  /** The first answer to every write is lost after the write was committed: the device cannot know what happened. */
  readonly losing: boolean
}

const fair: Forecast = { slow: 0, failing: false, losing: false }

export class Weather {
  private current = fair

  get forecast(): Forecast {
    return this.current
  }

  clear(): void {
    this.current = fair
  }

  /** Takes over the members that are there. */
  change(wanted: unknown): Forecast {
    const {
      slow = this.current.slow,
      failing = this.current.failing,
      losing = this.current.losing,
    } = (wanted ?? {}) as Partial<Record<keyof Forecast, unknown>>
    if (typeof slow !== 'number' || !(slow >= 0 && slow <= 60_000)) throw badRequest('slow: 0 to 60000 ms')
    if (typeof failing !== 'boolean' || typeof losing !== 'boolean')
      throw badRequest('failing, losing: booleans')
    this.current = { slow, failing, losing }
    return this.current
  }

  /** What a request meets on its way in. */
  async pass(signal: AbortSignal): Promise<void> {
    if (this.current.slow > 0) await sleep(this.current.slow, undefined, { signal })
    if (this.current.failing) {
      throw new Problem(
        503,
        'unavailable',
        'The server is down',
        'Switched off for the demonstration.',
        {},
        2,
      )
    }
  }
}
