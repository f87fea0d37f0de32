import type { ChangeKind, Key } from '../model/change'
import { type Ledger, readAliases, readEntries } from './ledger'

/** One change that is not settled, as the app may show it beside its row. */
export interface PendingChange {
  readonly table: string
  /** The key the row has now: a temporary one until the server has made its own. */
  readonly key: Key
  readonly kind: ChangeKind
  /** `waiting`; `sent` = on its way or without an answer; `dead` = refused; `parked` = a conflict for a person. */
  readonly state: 'waiting' | 'sent' | 'dead' | 'parked'
  /** When it was made, ms. */
  readonly at: number
  /** Id of the dead letter or conflict it is held under. */
  readonly heldBy?: string
}

/**
 * The changes that are not settled, oldest first, of one table or all; those of whose data the database holds (I11). Observed inside `liveQuery`, in every tab.
 * Reads the whole outbox: for lists a person looks at.
 */
export function pending({ storage, aliases }: Ledger, table?: string): Promise<PendingChange[]> {
  const tables = ['_sync_log', '_sync_progress', '_sync_fences', '_sync_meta', '_sync_aliases']
  return storage.read(tables, async (tx) => {
    await readAliases(tx, aliases)
    return (await readEntries(tx))
      .filter((entry) => table === undefined || entry.table === table)
      .map(({ table, at, mark, fenced, change }) => ({
        table,
        key: aliases.resolve(table, change.key),
        kind: change.kind,
        state: mark ? mark.held : fenced ? ('sent' as const) : ('waiting' as const),
        at,
        ...(mark && { heldBy: mark.by }),
      }))
  })
}
