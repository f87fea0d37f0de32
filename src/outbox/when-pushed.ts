import { isTemporary } from '../keys/temporary'
import type { Alias } from '../model/alias'
import type { Key, StoredLogRecord } from '../model/change'
import type { EntryRef, Progress } from '../model/entry'
import { SyncError } from '../model/error'
import { hasLeft, isOf, type StoredIdentity } from '../model/identity'
import type { EndedOutcome, RecordState } from '../model/record-state'
import type { Tx } from '../storage/transaction'
import { fateOf } from './fate'
import { type Ledger, ofRecord, readAliases, readAllEntries } from './ledger'
import { readIdentity } from './stored-identity'
import type { Watch } from './watch'

/**
 * What became of changes that were waiting.
 *
 * - `accepted`: the server has taken them.
 * - `coalesced`: nothing had to be sent (made and removed again, or the server had the same).
 * - `discarded`: given up by a call.
 * - `overruled`: a policy decided for the server's row; see `conflicts.list()`.
 */
export interface PushOutcome {
  readonly outcome: 'accepted' | EndedOutcome
}

/**
 * Follows the changes of a record that wait now, until nothing of them is left. `known`: whose the database is as far as
 * this tab knows; what waits may be gone with them before it is first looked at.
 */
export function whenPushed(
  ledger: Ledger,
  watch: Watch,
  known: StoredIdentity,
  table: string,
  key: Key,
): Promise<PushOutcome> {
  let refs: readonly EntryRef[] | undefined
  let seen = 0
  let era: string | undefined
  return watch.until(async (tx) => {
    const now = await readEra(tx)
    // What waits may stand under the key of before, and the message that told of its new one be lost.
    if (!refs) await readAliases(tx, ledger.aliases)
    const current = await currentKey(tx, ledger, table, key)
    // Also what a login made that has to wait until the database is theirs (I11).
    refs ??= ofRecord(ledger, await readAllEntries(tx), table, current).map(({ ref }) => ref)
    const wiped = era === undefined ? hasLeft(known, await readIdentity(tx)) : now !== era
    if (refs.length === 0 && !wiped) return { outcome: 'accepted' as const }
    const tail =
      seen === 0 ? [] : await tx.scan<StoredLogRecord>('_sync_log', { lower: seen, lowerOpen: true })
    const records = await present<StoredLogRecord>(tx, '_sync_log', refs)
    const progress = await present<Progress>(tx, '_sync_progress', [...refs, ...tail.map(refOf)])
    const resolve = (name: string, old: Key) => ledger.aliases.resolve(name, old)
    const fate = fateOf({ table, key: current, refs, records, progress, tail, resolve })
    // What was another login's all along has survived the wipe, and goes on.
    if (wiped && (fate.kind === 'ended' || !(await isOfDatabase(tx, records))))
      throw new SyncError('signed-out', { table, key })
    era = now
    if (fate.kind === 'held') {
      const code = fate.held === 'dead' ? 'dead-letter' : 'parked'
      throw new SyncError(code, { table, key: current, details: { id: fate.by } })
    }
    if (fate.kind === 'ended') return { outcome: await outcomeOf(tx, table, current) }
    refs = fate.refs
    seen = Math.max(seen, ...tail.map(({ seq }) => seq), ...refs.map(([seq]) => seq))
    return undefined
  })
}

/** Names the life of the sync tables: a wipe begins another one. */
async function readEra(tx: Tx): Promise<string | undefined> {
  return (await tx.get<{ instance: string }>('_sync_meta', 'instance'))?.instance
}

async function isOfDatabase(tx: Tx, records: readonly StoredLogRecord[]): Promise<boolean> {
  const { identity } = await readIdentity(tx)
  return records.every((record) => isOf(record, identity))
}

/** The key the record has now; the message that told of it may have been lost. */
async function currentKey(tx: Tx, { aliases }: Ledger, table: string, key: Key): Promise<Key> {
  const known = aliases.resolve(table, key)
  if (!isTemporary(known)) return known
  const alias = await tx.get<Alias>('_sync_aliases', [table, known])
  if (alias) aliases.set(table, alias.temporary, alias.key)
  return alias?.key ?? known
}

async function present<T>(tx: Tx, table: string, refs: readonly EntryRef[]): Promise<T[]> {
  const rows = await tx.getMany<T>(table, [...new Set(refs.map(([seq]) => seq))])
  return rows.flatMap((row) => (row ? [row] : []))
}

function refOf({ seq }: StoredLogRecord): EntryRef {
  return [seq, 0]
}

async function outcomeOf(tx: Tx, table: string, key: Key): Promise<PushOutcome['outcome']> {
  return (await tx.get<RecordState>('_sync_records', [table, key]))?.ended?.outcome ?? 'accepted'
}
