import type { Cancel, Environment, TabChannel } from '../environment'
import { beatEvery, isStale, type LeaderRow, type Sighting, sight } from './heartbeat'
import { readMessage, sealed } from './messages'

/** ms a leader has to answer a ping. */
const pingTimeout = 2_000

interface WatchParts {
  readonly env: Environment
  readonly channel: TabChannel
  readonly row: LeaderRow
  readonly tab: string
  readonly hasWork: () => boolean
  /** Called when the leader is as good as dead: its heartbeat is old and it answers no ping. */
  readonly depose: () => void
  readonly report: (error: unknown) => void
}

/**
 * Watches over the leader from a tab that is none, until the returned function is called, which resolves when
 * nothing runs any more. Costs nothing while this tab has no work: a leader that sleeps is then left to sleep.
 */
export function watchLeader({
  env,
  channel,
  row,
  tab,
  hasWork,
  depose,
  report,
}: WatchParts): () => Promise<void> {
  let over = false
  let seen: Sighting | undefined
  let looking: Promise<void> = Promise.resolve()
  let stopTimer: Cancel = () => {}
  let stopPing: Cancel = () => {}

  function later(): void {
    const look = () => {
      looking = lookOnce()
    }
    // Apart from each other, so that two tabs seldom depose at once.
    stopTimer = env.timer(look, beatEvery + env.random() * 1_000)
  }

  async function lookOnce(): Promise<void> {
    try {
      const dead = hasWork() && (await silent()) && !(await answers()) && (await silent())
      if (dead && !over) depose()
    } catch (error) {
      if (!over) report(error)
    }
    if (!over) later()
  }

  async function silent(): Promise<boolean> {
    if (over) return false
    const now = await row.read()
    seen = sight(now, seen, env.monotonic())
    return isStale(now, seen, { now: env.now(), monotonic: env.monotonic() })
  }

  function answers(): Promise<boolean> {
    if (over) return Promise.resolve(true)
    const id = env.uuid()
    return new Promise((resolve) => {
      const done = (answered: boolean) => {
        stopListening()
        stopWaiting()
        resolve(answered)
      }
      const stopListening = channel.listen((sent) => {
        const message = readMessage(sent)
        if (message?.kind === 'pong' && message.id === id) done(true)
      })
      const stopWaiting = env.timer(() => done(false), pingTimeout)
      stopPing = () => done(true)
      channel.post(sealed({ kind: 'ping', id, from: tab }))
    })
  }

  later()
  return () => {
    over = true
    stopTimer()
    stopPing()
    return looking
  }
}
