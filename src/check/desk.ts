import type { NotCompared } from '../model/check'
import type { Protocol } from '../protocol/protocol'

/** What comparing with the server takes, beside the ledger. */
export interface Desk {
  readonly protocol: Protocol
  readonly pageSize: number
  /** Why nothing may be asked now; undefined = it may. */
  refused(table: string): NotCompared | undefined
  readonly signal: AbortSignal
}
