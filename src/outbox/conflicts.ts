import { withKey } from '../keys/key-in-row'
import { changeBetween } from '../merge/change-between'
import { contestedFields, restoredRow } from '../merge/restore'
import type { Change, Key, Row } from '../model/change'
import type { EntryRef } from '../model/entry'
import type { Conflict } from '../model/held'
import type { RecordState } from '../model/record-state'
import { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import {
  type Ledger,
  ledgerTables,
  noSuchItem,
  ofRecord,
  openOutbox,
  readEntries,
  renewAliases,
} from './ledger'
import { resolveMassDelete } from './resolve-mass-delete'
import { restoreConflict } from './restore-conflict'
import { startAnew } from './start-anew'
import { refuseOutdated } from './stored-schema'

/** Calls on conflicts, from any tab. */
export interface Conflicts {
  /** Those parked for a person and those a policy has decided, oldest first. Observed inside `liveQuery`. */
  list(): Promise<Conflict[]>
  /**
   * Settles a parked conflict: with what was edited here (`local`; fields only the server's side changed stay its own),
   * with the `remote` row, or with a row made of both. For a mass deletion `local` sends the deletions and `remote`
   * brings the rows back.
   *
   * On a conflict that is decided it brings back what was overruled: `local` or `remote` gives the fields of the
   * conflict the values that side had, on top of the row as it is now; a side that had no row deletes it, and a row
   * that is gone is made again. It is an edit like any other and is sent as one; the conflict is kept with the new
   * decision. Throws `no-such-item`; so it does for a mass deletion that is decided.
   *
   * @example
   * const [overruled] = (await sync.conflicts.list()).filter(({ decision }) => decision === 'remote')
   * if (overruled) await sync.conflicts.resolve(overruled.id, 'local')
   */
  resolve(id: string, decision: 'local' | 'remote' | Row): Promise<void>
}

export function conflicts(ledger: Ledger): Conflicts {
  const { storage } = ledger
  return {
    list: () =>
      storage.read(['_sync_conflicts'], async (tx) =>
        (await tx.scan<Conflict>('_sync_conflicts')).sort(byTime),
      ),
    async resolve(id, decision) {
      await renewAliases(ledger)
      const [conflict] = await storage.read(['_sync_conflicts'], (tx) =>
        tx.getMany<Conflict>('_sync_conflicts', [id]),
      )
      if (!conflict) throw noSuchItem(id)
      await storage.write([...ledgerTables, conflict.table], async (tx) => {
        await refuseOutdated(tx, ledger.schema)
        const current = await tx.get<Conflict>('_sync_conflicts', id)
        if (!current) throw noSuchItem(id)
        const batch = new Batch()
        const settled = await settle(tx, batch, ledger, current, decision)
        const made = typeof decision === 'string' ? decision : 'merged'
        batch.put('_sync_conflicts', id, { ...settled, state: 'decided', decision: made, entries: [] })
        await batch.flush(tx)
      })
      ledger.wake([conflict.table])
    },
  }
}

/** Carries a decision out and answers the conflict as it was met: what it overrules can be brought back. */
async function settle(
  tx: Tx,
  batch: Batch,
  ledger: Ledger,
  conflict: Conflict,
  decision: 'local' | 'remote' | Row,
): Promise<Conflict> {
  const { id, key, state } = conflict
  if (key !== undefined && state === 'decided')
    return { ...conflict, key: await restoreConflict(tx, batch, ledger, { ...conflict, key }, decision) }
  if (key !== undefined) return resolveRow(tx, batch, ledger, conflict, key, decision)
  if (state === 'decided') throw noSuchItem(id)
  await resolveMassDelete(tx, batch, ledger, conflict, decision === 'local')
  return conflict
}

async function resolveRow(
  tx: Tx,
  batch: Batch,
  ledger: Ledger,
  conflict: Conflict,
  parkedKey: Key,
  decision: 'local' | 'remote' | Row,
): Promise<Conflict> {
  const outbox = openOutbox(ledger)
  const { table } = conflict
  const key = ledger.aliases.resolve(table, parkedKey)
  const state = await tx.get<RecordState>('_sync_records', [table, key])
  const entries = ofRecord(ledger, await readEntries(tx), table, key)
  const local = (await tx.get<Row>(table, key)) ?? null
  const remote = remoteOf(conflict, state)
  const { keyPath, serverFields } = ledger.tables.get(table)!
  const fields = contestedFields(conflict, local, remote, serverFields)
  const met = { ...conflict, key, local, remote, fields }
  const made = typeof decision === 'string' ? null : withKey(decision, keyPath, key)
  const chosen =
    decision === 'local' ? restoredRow(met, 'local', remote) : decision === 'remote' ? remote : made
  const refs = entries.map(({ ref }) => ref)
  const change = changeBetween(key, remote, chosen)
  if (change?.kind === 'create') {
    const anew = startAnew(batch, ledger.env, ledger.tables.get(table)!, key, change.row!)
    batch.remove('_sync_records', [table, key])
    await replace(tx, outbox, table, [anew], refs)
    return { ...met, key: anew.key }
  }
  if (chosen) batch.put(table, key, chosen)
  else batch.remove(table, key)
  if (change) batch.put('_sync_records', [table, key], { table, key, base: remote })
  else batch.remove('_sync_records', [table, key])
  await replace(tx, outbox, table, change ? [change] : [], refs)
  return met
}

/** The server's row as it is known now: later pages have renewed it. */
function remoteOf({ remote }: Conflict, state: RecordState | undefined): Row | null {
  if (state?.incoming) return state.incoming.row
  return state?.base !== undefined ? state.base : (remote ?? null)
}

async function replace(
  tx: Tx,
  outbox: ReturnType<typeof openOutbox>,
  table: string,
  changes: readonly Change[],
  replaces: readonly EntryRef[],
): Promise<void> {
  await outbox.append(tx, { table, changes, replaces, confirmed: true })
  await outbox.finish(tx, replaces)
}

function byTime(a: Conflict, b: Conflict): number {
  return a.at - b.at
}
