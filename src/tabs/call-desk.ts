import type { Environment } from '../environment'
import { isSyncError } from '../model/error'
import type { CallName } from './messages'
import { toWire, type WireError } from './wire-error'

/** ms for which the outcome of a finished call is remembered, for a caller that missed it. */
const remembered = 60_000

interface Call {
  readonly id: string
  readonly name: CallName
  readonly argument?: unknown
}

/** What the desk sends back. */
export type Reply =
  | { readonly kind: 'heard'; readonly id: string }
  | { readonly kind: 'answer'; readonly id: string; readonly value?: unknown }
  | { readonly kind: 'failure'; readonly id: string; readonly error: WireError }

interface DeskParts {
  readonly env: Environment
  readonly answer: (name: CallName, argument: unknown) => Promise<unknown>
  readonly send: (reply: Reply) => void
}

/** The leader's side of calls: each call is done once, however often it is heard. */
export function createCallDesk({ env, answer, send }: DeskParts) {
  const running = new Set<string>()
  const finished = new Map<string, { readonly reply: Reply; readonly at: number }>()
  let closed = false

  /** Pruned when something is heard, so that no timer is needed; insertion order is order of time. */
  function forget(): void {
    for (const [id, { at }] of finished) {
      if (env.monotonic() - at < remembered) return
      finished.delete(id)
    }
  }

  function finish(reply: Reply): void {
    running.delete(reply.id)
    if (closed) return
    finished.set(reply.id, { reply, at: env.monotonic() })
    send(reply)
  }

  async function work({ id, name, argument }: Call): Promise<void> {
    try {
      finish({ kind: 'answer', id, value: await answer(name, argument) })
    } catch (error) {
      if (isNoLeader(error)) {
        running.delete(id) // the caller asks on until the next leader hears it
        return
      }
      // The caller only learns the name of an error that is not ours, so it is said here.
      if (!isSyncError(error)) env.report(error)
      finish({ kind: 'failure', id, error: toWire(error) })
    }
  }

  return {
    take(call: Call): void {
      forget()
      const done = finished.get(call.id)
      send(done?.reply ?? { kind: 'heard', id: call.id })
      if (done || running.has(call.id)) return
      running.add(call.id)
      void work(call)
    },
    close(): void {
      closed = true
      finished.clear()
    },
  }
}

/** True for the error of a leader that is none any more. */
export function isNoLeader(error: unknown): boolean {
  return isSyncError(error) && error.code === 'no-leader'
}
