import type { Environment } from '../environment'

/** What became of work that was given a time: its value, or why there is none. */
export type Timed<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'late' | 'aborted' }

/**
 * Waits for `work` no longer than `ms` and no longer than `signal` allows. Rejects as `work` does. Work that comes too
 * late goes on unheard: neither its value nor its error reaches anyone.
 */
export function within<T>(
  work: () => T | PromiseLike<T>,
  ms: number,
  timer: Environment['timer'],
  signal?: AbortSignal,
): Promise<Timed<T>> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return resolve({ kind: 'aborted' })
    const cancel = timer(() => finish(() => resolve({ kind: 'late' })), ms)
    const abort = () => finish(() => resolve({ kind: 'aborted' }))
    const finish = (answer: () => void) => {
      cancel()
      signal?.removeEventListener('abort', abort)
      answer()
    }
    signal?.addEventListener('abort', abort)
    run(work).then(
      (value) => finish(() => resolve({ kind: 'done', value })),
      (error) => finish(() => reject(error)),
    )
  })
}

async function run<T>(work: () => T | PromiseLike<T>): Promise<T> {
  return work()
}
