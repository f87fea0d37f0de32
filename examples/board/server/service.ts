import type { Pool } from 'pg'
import { Holds } from './hold'
import { Idempotency } from './idempotency'
import { RequestLog } from './request-log'
import { Weather } from './weather'

/** What the handlers share. */
export interface Service {
  readonly pool: Pool
  readonly idempotency: Idempotency
  readonly weather: Weather
  readonly holds: Holds
  readonly log: RequestLog
  /** Aborts when the server stops: nobody may wait beyond that. */
  readonly stopping: AbortSignal
}

export function createService(pool: Pool, stopping: AbortSignal): Service {
  return {
    pool,
    idempotency: new Idempotency(pool),
    weather: new Weather(),
    holds: new Holds(),
    log: new RequestLog(),
    stopping,
  }
}
