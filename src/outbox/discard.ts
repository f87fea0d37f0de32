import type { Key, Row } from '../model/change'
import type { Conflict } from '../model/held'
import type { RecordState } from '../model/record-state'
import { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { applyChanges } from './coalesce'
import { discardedReceipt } from './discarded-receipt'
import {
  type FoundEntry,
  type Ledger,
  ledgerTables,
  ofRecord,
  openOutbox,
  readEntries,
  renewAliases,
} from './ledger'
import { refuseOutdated } from './stored-schema'

/** A record whose changes are given up. */
interface Given {
  readonly table: string
  readonly key: Key
  /** On their way, or sent without an answer. */
  readonly sent: readonly FoundEntry[]
  /** Never sent, or held for a person. */
  readonly unsent: readonly FoundEntry[]
  readonly state: RecordState | undefined
  /** The row the changes stand on; null = the server has none. */
  readonly base: Row | null
}

/**
 * Gives up every change of a record that is not settled (decision 13): in one transaction, in whichever tab. What was
 * sent settles first; the wish for it is left in the record's state for the leader.
 */
export async function discard(ledger: Ledger, table: string, key: Key): Promise<void> {
  await renewAliases(ledger)
  const found = await ledger.storage.write([...ledgerTables, table], async (tx) => {
    await refuseOutdated(tx, ledger.schema)
    const current = ledger.aliases.resolve(table, key)
    const entries = ofRecord(ledger, await readEntries(tx), table, current)
    if (entries.length === 0) return false
    const state = await tx.get<RecordState>('_sync_records', [table, current])
    const given: Given = {
      table,
      key: current,
      sent: entries.filter(({ fenced }) => fenced),
      unsent: entries.filter(({ fenced }) => !fenced),
      state,
      base: state?.base !== undefined ? state.base : (entries[0]!.change.before ?? null),
    }
    const batch = new Batch()
    await letGo(tx, batch, given)
    await carryOut(tx, batch, ledger, given)
    await batch.flush(tx)
    return true
  })
  if (found) ledger.wake([table])
}

async function carryOut(tx: Tx, batch: Batch, ledger: Ledger, given: Given): Promise<void> {
  const { table, key, sent, unsent, state, base } = given
  const outbox = openOutbox(ledger)
  const replaces = unsent.map(({ ref }) => ref)
  await outbox.finish(tx, replaces)
  if (sent[0]?.change.kind === 'create' && base === null) {
    // The server may have it by now: it is removed there once it is known under which key.
    const before = applyChanges(null, sent.map(changeOf))
    batch.remove(table, key)
    const change = { kind: 'delete' as const, key, ...(before && { before }) }
    await outbox.append(tx, { table, changes: [change], replaces, confirmed: true })
    return
  }
  if (sent.length > 0) {
    batch.put('_sync_records', [table, key], { ...state, table, key, discard: sent.map(({ ref }) => ref) })
    writeRow(batch, given, applyChanges(base, sent.map(changeOf)))
  } else if (state?.parked !== undefined) writeRow(batch, given, base)
  else {
    const row = state?.incoming ? state.incoming.row : base
    writeRow(batch, given, row)
    batch.put('_sync_records', [table, key], discardedReceipt({ ...state, table, key }, ledger.env.now()))
  }
  await outbox.append(tx, { table, changes: [], replaces, states: [key] })
}

function writeRow(batch: Batch, { table, key }: Given, row: Row | null): void {
  if (row) batch.put(table, key, row)
  else batch.remove(table, key)
}

/** The dead letters and conflicts the changes are held under go with them. */
async function letGo(tx: Tx, batch: Batch, { unsent, state }: Given): Promise<void> {
  const own = new Set(unsent.map(({ ref }) => String(ref)))
  const conflicts = new Set<string>()
  for (const { mark } of unsent) {
    if (mark?.held === 'dead') batch.remove('_sync_letters', mark.by)
    if (mark?.held === 'parked') conflicts.add(mark.by)
  }
  for (const id of conflicts) {
    const conflict = await tx.get<Conflict>('_sync_conflicts', id)
    if (!conflict) continue
    const entries = conflict.entries.filter((ref) => !own.has(String(ref)))
    // Others of a mass deletion wait on, and so does a row that is parked itself.
    const stays = (conflict.key === undefined && entries.length > 0) || state?.parked === id
    const decided = { ...conflict, entries, state: 'decided' as const, decision: 'remote' as const }
    batch.put('_sync_conflicts', id, stays ? { ...conflict, entries } : decided)
  }
}

function changeOf({ change }: FoundEntry) {
  return change
}
