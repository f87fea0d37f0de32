import Dexie from 'dexie'
import type { OnConflict } from '../../src/model/conflict-rules'
import type { AuthOptions } from '../../src/transport/auth'
import type { CodeCall } from './history'
import type { Judgement } from './judgement'
import type { Logins } from './logins'
import type { RouteCode } from './route-code'

/** Functions of the simulated app that the library calls. */
export type App = Pick<Required<AuthOptions>, 'getHeaders' | 'onAuthError'> & {
  readonly identity: () => string
  readonly onConflict: OnConflict | undefined
  readonly code: RouteCode
}

export interface AppParts {
  readonly judgement: Judgement
  readonly code: RouteCode
  readonly logins: Logins
  /** Hears of each call, before it is answered. */
  readonly called: (what: CodeCall['what']) => void
}

/** The app on a device. Whose data it is it tells anywhere: that is asked while the app writes. */
export function appOf(device: string, { judgement, code, logins, called }: AppParts): App {
  const { onConflict } = judgement
  return {
    identity: () => logins.user(device),
    code,
    onConflict:
      onConflict &&
      ((question) => {
        called('onConflict')
        return onConflict(question)
      }),
    getHeaders() {
      called('getHeaders')
      return logins.headers(device)
    },
    onAuthError() {
      called('onAuthError')
      return logins.refresh(device)
    },
  }
}

/** The stores of the transaction that code runs in now, as Dexie tells it; none outside of all. */
export function storesAround(): readonly string[] {
  return Dexie.currentTransaction?.storeNames ?? []
}
