import type { Configured } from '../config'
import type { Environment } from '../environment'
import { isClosed } from '../storage/storage-error'

/** Tells of errors nobody waits for: to `errors.onError`, else to the console. Of a database that was closed the status tells. */
export function createReport(
  { config }: Pick<Configured, 'config'>,
  env: Pick<Environment, 'report'>,
): (error: unknown) => void {
  return (error) => {
    if (isClosed(error)) return
    const { onError } = config.errors ?? {}
    if (!onError) {
      env.report(error)
      return
    }
    try {
      const answer = onError(error)
      if (answer instanceof Promise) answer.catch((later: unknown) => env.report(later))
    } catch (thrown) {
      env.report(thrown)
    }
  }
}
