import type { Cancel, Environment, TabChannel } from '../environment'
import { SyncError, type SyncErrorCode } from '../model/error'
import { createCallDesk, isNoLeader, type Reply } from './call-desk'
import { type CallName, readMessage, sealed, type TabMessage } from './messages'
import { fromWire } from './wire-error'

/** ms without any sign of a leader after which a call is given up. */
const patience = 30_000
/** ms after which an unanswered call is sent again: messages may be lost. */
const resendEvery = 5_000

/** How {@link createCalls} reaches the other tabs and, where this tab leads, the work itself. */
export interface CallsParts {
  readonly env: Environment
  readonly channel: TabChannel
  /** Names this tab. */
  readonly tab: string
  readonly isLeader: () => boolean
  /**
   * Does what is asked; called in the leader only. What it answers must be structured-cloneable. Rejects with
   * `no-leader` when this tab lost the office meanwhile: the call then goes on to the next leader.
   */
  readonly answer: (name: CallName, argument: unknown) => Promise<unknown>
}

/** Calls from any tab to the leader. */
export interface Calls {
  /**
   * Resolves with the leader's answer, or rejects with its error; with `no-leader` when 30 s pass without a sign
   * of a leader, with `stopped` after {@link Calls.stop}. A leader may hear a call again, a new leader certainly
   * does: what is asked must bear being done twice.
   */
  call(name: CallName, argument?: unknown): Promise<unknown>
  /** To be called when this tab becomes leader: it then answers its own calls that wait. */
  lead(): void
  /** Calls that wait, and those to come, are rejected with this code. Default `stopped`. */
  stop(code?: SyncErrorCode): void
}

interface Waiting {
  readonly name: CallName
  readonly argument: unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  /** Monotonic, ms. */
  lastSign: number
  /** This tab has become leader and does it itself. */
  here: boolean
}

export function createCalls({ env, channel, tab, isLeader, answer }: CallsParts): Calls {
  const waiting = new Map<string, Waiting>()
  const desk = createCallDesk({ env, answer, send: (message) => send(message) })
  let stopped: SyncErrorCode | undefined
  let stopTimer: Cancel | undefined
  const stopListening = channel.listen((sent) => {
    const message = readMessage(sent)
    if (message) hear(message)
  })

  function send(message: Unsigned<TabMessage>): void {
    channel.post(sealed({ ...message, from: tab } as TabMessage))
  }

  function hear(message: TabMessage): void {
    if (message.kind === 'call' && isLeader()) desk.take(message)
    else if (message.kind === 'leader') askAgain()
    else if (message.kind === 'heard' || message.kind === 'answer' || message.kind === 'failure')
      hearReply(message)
  }

  function hearReply(reply: Reply): void {
    const call = waiting.get(reply.id)
    if (!call || call.here) return
    call.lastSign = env.monotonic()
    if (reply.kind === 'answer') settle(reply.id)?.resolve(reply.value)
    if (reply.kind === 'failure') settle(reply.id)?.reject(fromWire(reply.error))
  }

  function settle(id: string): Waiting | undefined {
    const call = waiting.get(id)
    waiting.delete(id)
    if (waiting.size === 0) {
      stopTimer?.()
      stopTimer = undefined
    }
    return call
  }

  function ask(id: string, call: Waiting): void {
    if (call.here) return
    if (isLeader()) void doHere(id, call)
    else send({ kind: 'call', id, name: call.name, argument: call.argument })
  }

  async function doHere(id: string, call: Waiting): Promise<void> {
    call.here = true
    try {
      const value = await answer(call.name, call.argument)
      settle(id)?.resolve(value)
    } catch (error) {
      call.here = false
      call.lastSign = env.monotonic()
      if (!isNoLeader(error)) settle(id)?.reject(error)
    }
  }

  function askAgain(): void {
    for (const [id, call] of [...waiting]) ask(id, call)
  }

  function watch(): void {
    stopTimer = env.timer(() => {
      for (const [id, call] of [...waiting]) {
        const lost = !call.here && env.monotonic() - call.lastSign >= patience
        if (lost) settle(id)?.reject(new SyncError('no-leader'))
      }
      if (waiting.size === 0) return
      askAgain()
      watch()
    }, resendEvery)
  }

  return {
    call(name, argument) {
      if (stopped) return Promise.reject(new SyncError(stopped))
      return new Promise((resolve, reject) => {
        const id = env.uuid()
        const call: Waiting = { name, argument, resolve, reject, lastSign: env.monotonic(), here: false }
        waiting.set(id, call)
        if (!stopTimer) watch()
        ask(id, call)
      })
    },
    lead: askAgain,
    stop(code = 'stopped') {
      stopped = code
      stopListening()
      desk.close()
      for (const id of [...waiting.keys()]) settle(id)?.reject(new SyncError(code))
    },
  }
}

type Unsigned<M> = M extends unknown ? Omit<M, 'from'> : never
