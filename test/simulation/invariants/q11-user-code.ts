import type { History } from '../history'

/**
 * Functions of the app that were called inside a transaction of sync (I13). They may take their time, and what belongs
 * together would then be torn apart; and what they read or write themselves would be a part of it, or fail.
 */
export function calledWithin({ codeCalls }: History, reach: () => void): string[] {
  return codeCalls.flatMap(({ step, owner, what, stores }) => {
    reach()
    const isOfSync = stores.some((store) => store.startsWith('_sync_'))
    return isOfSync
      ? [`${owner} at step ${step}: ${what} was called in a transaction on ${stores.join(', ')}`]
      : []
  })
}
