import type { Cancel, Environment, TabChannel } from '../environment'
import { beatEvery, type LeaderRow } from './heartbeat'
import { watchLeader } from './leader-watch'
import { openTerm, type Term } from './term'

export type { Heartbeat, LeaderRow } from './heartbeat'

export interface LeadershipParts {
  readonly env: Environment
  readonly channel: TabChannel
  readonly row: LeaderRow
  /** Names this tab. */
  readonly tab: string
  readonly dbName: string
  /** Is something waiting that the leader should have sent? Asked often, must be cheap. */
  readonly hasWork: () => boolean
  /**
   * The work of one term, called once a term. `lost` aborts at its end; the work then has 5 s to come to an end,
   * none when the page is being put away. Failing ends the term. `stolen`: the leader before was overtaken, not gone.
   */
  readonly lead: (epoch: number, lost: AbortSignal, stolen: boolean) => Promise<void>
  readonly report: (error: unknown) => void
}

/** Whether this tab leads. Saves traffic, guards no truth: two leaders are harmless (I10). */
export interface Leadership {
  /** Stands for election, again and again until stopped. Does nothing when started already. */
  start(): void
  /** Resolves when nothing of it runs any more (I12). */
  stop(): Promise<void>
  isLeader(): boolean
  /** The epoch of this tab's term; undefined while it does not lead. */
  epoch(): number | undefined
}

/**
 *   follower --elected--> waiting for the drain lock --got it, claimed the epoch--> leading
 *      |  ^--------------lost the election, page put away---------|                   |
 *      |--leader silent, work waits, ping unanswered: steals the lock--------------->|
 *      ^--------epoch moved on, lock stolen, lost the election, page put away, stop---|
 *
 * The election proposes, the lock keeps terms apart where the browser has locks, the epoch decides.
 */
export function createLeadership(parts: LeadershipParts): Leadership {
  let session: Session | undefined
  let ended: Promise<void> = Promise.resolve()
  let led: Promise<void> = Promise.resolve()
  // Nobody waits for the work of a term when the page is put away: the next one here does.
  const lead: LeadershipParts['lead'] = (...term) => {
    const begin = () => parts.lead(...term)
    led = led.then(begin, begin)
    return led
  }

  return {
    start() {
      session ??= openSession({ ...parts, lead }, ended)
    },
    stop() {
      if (session) ended = session.close()
      session = undefined
      return ended
    },
    isLeader: () => session?.term()?.current ?? false,
    epoch() {
      const term = session?.term()
      return term?.current ? term.epoch : undefined
    },
  }
}

interface Session {
  term(): Term | undefined
  close(): Promise<void>
}

/** What runs between start() and stop(); begins when the one before has ended. */
function openSession(parts: LeadershipParts, before: Promise<void>): Session {
  const { env, channel, row, tab, dbName, report } = parts
  const closed = new AbortController()
  let elected = false
  let term: Term | undefined
  let waiting: AbortController | undefined
  let contending: Promise<void> = Promise.resolve()
  let stopElection: Cancel = () => {}
  let stopWatch: () => Promise<void> = async () => {}
  let watchEnded: Promise<void> = Promise.resolve()
  let stopRetry: Cancel = () => {}
  let stopLifecycle: Cancel = () => {}

  function open(): void {
    if (closed.signal.aborted) return
    stopLifecycle = env.lifecycle((moment) => {
      if (moment === 'freeze') leave('the page was put away', true)
      if (moment === 'thaw') join()
    })
    join()
  }

  function join(): void {
    leave('the page came back', true)
    stopElection = channel.elect(
      () => {
        elected = true
        contend(false)
      },
      () => {
        elected = false
        stopRetry()
        stepDown('the election was lost')
      },
    )
    stopWatch = watchLeader({
      ...parts,
      hasWork: () => !term && parts.hasWork(),
      depose: () => contend(true),
    })
  }

  function leave(reason: string, now: boolean): void {
    elected = false
    stopElection()
    const ended = stopWatch()
    watchEnded = watchEnded.then(() => ended)
    stopRetry()
    stepDown(reason, now)
  }

  function stepDown(reason: string, now = false): void {
    waiting?.abort()
    term?.end(reason, now)
  }

  /** One after the other: a thief first gives up its own place in the queue. */
  function contend(steal: boolean): void {
    waiting?.abort()
    const mine = new AbortController()
    waiting = mine
    contending = contending.then(() => serve(steal, mine.signal))
  }

  async function serve(steal: boolean, signal: AbortSignal): Promise<void> {
    try {
      if (signal.aborted) return
      const options = steal ? { steal } : { signal }
      await env.lock(`dexie-rest-sync:${dbName}:drain`, options, (_, lost) => hold(signal, lost, steal))
    } catch (error) {
      if (!signal.aborted) report(error)
    }
    // Still elected, yet the term is over: somebody took it, or the work or the database failed.
    if (!elected || signal.aborted) return
    const rest = (await isVacant()) ? 0 : beatEvery
    if (elected && !signal.aborted) stopRetry = env.timer(() => contend(false), rest)
  }

  /** Nobody took it: the term was ended from outside, and the next may begin at once. */
  async function isVacant(): Promise<boolean> {
    return row.read().then(
      (leader) => leader?.tab === '',
      () => false, // a database that fails is asked again later, and says so then
    )
  }

  async function hold(signal: AbortSignal, lost: AbortSignal, stolen: boolean): Promise<void> {
    if (signal.aborted || lost.aborted) return
    const epoch = await row.claim(tab, env.now())
    if (signal.aborted || lost.aborted) return
    const mine = openTerm(epoch, stolen, parts)
    term = mine
    lost.addEventListener('abort', () => mine.end('the lock was stolen'), { once: true })
    await mine.over
    term = undefined
  }

  const opened = before.then(open)
  return {
    term: () => term,
    async close() {
      closed.abort()
      stopLifecycle() // before anything is awaited: a page that comes back now would join again
      leave('stopped', false)
      await opened
      await Promise.all([contending, watchEnded])
    },
  }
}
