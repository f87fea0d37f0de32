import type { Environment } from '../../environment'
import { SyncError } from '../../model/error'
import { within } from '../../transport/deadline'

/** ms a function of a route may take. */
const patience = 10_000

/** Runs functions of the app: they may throw, hang or answer garbage, and harm nothing but what they were called for (I13). */
export interface UserCode {
  /**
   * What `code` answers, promises awaited.
   *
   * @param name its place in the configuration
   * @throws SyncError `user-code-failed`, or `stopped` when `signal` aborts first
   */
  call<T>(name: string, code: () => T | Promise<T>, signal?: AbortSignal): Promise<T>
}

export function createUserCode(timer: Environment['timer']): UserCode {
  return {
    async call(name, code, signal) {
      const answer = await within(code, patience, timer, signal).catch((cause: unknown) => {
        throw new SyncError('user-code-failed', { what: `${name} threw`, cause })
      })
      if (answer.kind === 'done') return answer.value
      if (answer.kind === 'aborted') throw new SyncError('stopped')
      throw new SyncError('user-code-failed', { what: `${name} took longer than 10 s` })
    },
  }
}
