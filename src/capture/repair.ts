import type { DBCoreMutateResponse } from 'dexie'
import { SyncError } from '../model/error'
import type { Issued } from './issue'
import type { CapturedTransaction } from './transaction'

/** What a call that was refused half-way has done all the same: an answer in which the rows never issued have failed. */
export type Remains = DBCoreMutateResponse

/**
 * Tells what is left of a bulk call that IndexedDB refused half-way: the rows before the refused one are written, and
 * they commit if the app catches the error. Called back once they are; not at all if the transaction does not live.
 */
export function repair(
  tx: CapturedTransaction,
  { requests }: Issued,
  count: number,
  told: (remains: Remains) => void,
): void {
  if (!requests) {
    tx.fail(new SyncError('capture-failed', { what: 'a bulk call was refused half-way' }))
    told(remainsOf([], count))
    return
  }
  const last = requests.at(-1)
  const settled = last
    ? new Promise<void>((done) => {
        last.addEventListener('success', () => done())
        last.addEventListener('error', () => done())
      })
    : Promise.resolve()
  // Through a promise: its callback is back in Dexie's zone, the event's is not.
  void settled.then(() => told(remainsOf(requests, count)))
}

function remainsOf(requests: readonly IDBRequest[], count: number): Remains {
  const failures: Record<number, Error> = {}
  for (let i = 0; i < count; i++) {
    const error = i < requests.length ? requests[i]?.error : new DOMException('never issued', 'NotIssued')
    if (error) failures[i] = error
  }
  return {
    numFailures: Object.keys(failures).length,
    failures,
    results: requests.map(({ result, error }) => (error ? undefined : result)),
    lastResult: undefined,
  }
}
