import type { FenceItem } from '../model/entry'
import type { Term } from '../outbox/term'
import type { WaitingRecord } from '../outbox/waiting'

/**
 * True for changes that need no look at the server's row first: creates, tables that want none, and requests the
 * server itself refuses when the record has changed (`DESIGN` 6). Protocols that pull first look before everything.
 */
export function leavesAtOnce(
  { protocol, tables }: Pick<Term, 'protocol' | 'tables'>,
  record: WaitingRecord,
): boolean {
  const table = tables.get(record.table)
  if (!table?.push) return false
  if (protocol.order === 'pull-first') return table.pull === undefined
  if (record.entries[0]?.kind === 'create' || table.verify === 'none') return true
  return protocol.guarded(foldedKind(record))
}

/** What a request of the record would be, as far as it can be told without reading its changes. */
function foldedKind({ table, key, entries }: WaitingRecord): FenceItem {
  const kind = entries.at(-1)?.kind === 'delete' ? 'delete' : 'update'
  return { table, key, kind, entries: [], ops: [], row: null, base: null }
}
