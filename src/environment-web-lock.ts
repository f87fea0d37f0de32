import type { LockOptions } from './environment-locks'

/** As the `lock` of the environment, by Web Locks: it holds in every tab and worker of this origin. */
export async function webLock<T>(
  locks: LockManager,
  name: string,
  { signal, steal = false, ifAvailable = false }: LockOptions,
  task: (held: boolean, lost: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const lost = new AbortController()
  let running: Promise<T> | undefined
  // Web Locks refuse `steal` together with `signal` or `ifAvailable`; a thief never waits, so it needs neither.
  const options = steal ? { steal } : { ifAvailable, ...(signal && !ifAvailable ? { signal } : {}) }
  try {
    await locks.request(name, options, (held) => {
      running = task(held !== null, lost.signal)
      return running
    })
  } catch (error) {
    // Before the task ran: waiting was given up. Later: the lock was stolen under it, or the task itself failed.
    if (!running) throw error
    lost.abort(error)
  }
  return running as Promise<T>
}
