import type { Environment } from '../environment'

/** Waits for `done`, but no longer than `ms`. */
export function noLongerThan(
  ms: number,
  done: Promise<void>,
  { timer }: Pick<Environment, 'timer'>,
): Promise<void> {
  return new Promise((resolve) => {
    const cancel = timer(resolve, ms)
    void done.then(() => {
      cancel()
      resolve()
    })
  })
}
