import type { Environment } from '../environment'

/** ms a tab waits for another one that is at it; then it sleeps or hangs, and is overtaken. */
const patience = 5_000

/** Runs a task while no other tab does; `waited` = another one was at it just now. Undefined where none could be had. */
export type Turn = <T>(task: (waited: boolean) => Promise<T>, signal: AbortSignal) => Promise<T | undefined>

/** One tab of this device at a time (FAULTS C8): of use where a leader was overtaken in the middle of a renewal. */
export function deviceTurn(env: Pick<Environment, 'lock' | 'timer'>, name: string): Turn {
  return async (task, signal) => {
    const ready = await env.lock(name, { ifAvailable: true }, async (held) =>
      held ? { value: await task(false) } : undefined,
    )
    if (ready) return ready.value
    const stop = new AbortController()
    const giveUp = () => stop.abort()
    const cancel = env.timer(giveUp, patience)
    signal.addEventListener('abort', giveUp)
    try {
      return await env.lock(name, { signal: stop.signal }, () => task(true))
    } catch {
      return signal.aborted ? undefined : await env.lock(name, { steal: true }, () => task(true))
    } finally {
      cancel()
      signal.removeEventListener('abort', giveUp)
    }
  }
}
