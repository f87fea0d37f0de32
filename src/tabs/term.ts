import type { Cancel, Environment, TabChannel } from '../environment'
import { SyncError } from '../model/error'
import { isTermOver } from '../outbox/term-over'
import { beatEvery, type LeaderRow } from './heartbeat'
import { readMessage, sealed } from './messages'

/** ms that the work of a term has to come to an end: it is to cut itself short before the last second. */
const grace = { cutShort: 4_000, end: 1_000 }

/** One term of office. */
export interface Term {
  readonly epoch: number
  /** False from the moment the term is over. */
  readonly current: boolean
  /** Ends it. With `now`, nobody waits for the work to come to an end: the page is being put away. */
  end(reason: string, now?: boolean): void
  /** Resolves when the term is over and its work has come to an end or had its time. */
  readonly over: Promise<void>
}

interface TermParts {
  readonly env: Environment
  readonly channel: TabChannel
  readonly row: LeaderRow
  readonly tab: string
  readonly lead: (epoch: number, lost: AbortSignal, stolen: boolean) => Promise<void>
  readonly report: (error: unknown) => void
}

/**
 * Leads under an epoch that has been claimed: says so, works, shows signs of life and answers pings, until it is
 * ended or a sign of life finds that somebody claimed after it.
 */
export function openTerm(
  epoch: number,
  stolen: boolean,
  { env, channel, row, tab, lead, report }: TermParts,
): Term {
  const ended = new AbortController()
  const { signal } = ended
  let stopTimer: Cancel = () => {}
  let beating: Promise<boolean> | undefined
  let hurry = () => {}
  const hurried = new Promise<void>((resolve) => {
    hurry = resolve
  })

  function end(reason: string, now = false): void {
    if (now) hurry()
    if (!signal.aborted) ended.abort(new SyncError('no-leader', { what: reason }))
  }

  /** One sign of life at a time; true when this tab still leads and its database works. */
  function beat(): Promise<boolean> {
    beating ??= row.beat(epoch, env.now(), !env.isVisible()).then(
      (ours) => {
        beating = undefined
        if (!ours) end('another tab leads')
        return ours && !signal.aborted
      },
      (error) => {
        beating = undefined
        // No reason to resign: a database that fails here for a while will take a later one.
        if (!signal.aborted) report(error)
        return false
      },
    )
    return beating
  }

  function keepBeating(): void {
    stopTimer = env.timer(() => {
      void beat().then(() => {
        if (!signal.aborted) keepBeating()
      })
    }, beatEvery)
  }

  async function answer(id: string): Promise<void> {
    if (await beat()) channel.post(sealed({ kind: 'pong', id, epoch, from: tab }))
  }

  async function work(): Promise<void> {
    try {
      await lead(epoch, signal, stolen)
    } catch (error) {
      if (!signal.aborted && !isTermOver(error)) report(error)
      end('the work of the leader failed')
    }
  }

  async function serve(): Promise<void> {
    await Promise.resolve() // so that this tab knows its term before the work begins
    const working = signal.aborted ? undefined : work()
    if (!signal.aborted)
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    stopTimer()
    stopListening()
    stopLifecycle()
    await Promise.race([Promise.all([working, beating]), hurried, timeout()])
    stopTimer()
  }

  /** In two steps: timers of a page that is hidden or has slept ring together, and the work needs a moment after its own. */
  function timeout(): Promise<void> {
    return new Promise((resolve) => {
      stopTimer = env.timer(() => {
        stopTimer = env.timer(resolve, grace.end)
      }, grace.cutShort)
    })
  }

  const stopListening = channel.listen((sent) => {
    const message = readMessage(sent)
    if (message?.kind === 'ping') void answer(message.id)
  })
  const stopLifecycle = env.lifecycle((moment) => {
    if (moment === 'visible' || moment === 'hidden') void beat()
  })
  keepBeating()
  if (!env.isVisible()) void beat()
  channel.post(sealed({ kind: 'leader', epoch, from: tab }))
  const over = serve()
  return {
    epoch,
    over,
    end,
    get current() {
      return !signal.aborted
    },
  }
}
