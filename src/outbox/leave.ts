import type { StoredLogRecord } from '../model/change'
import type { Progress } from '../model/entry'
import { SyncError } from '../model/error'
import type { Conflict } from '../model/held'
import { isOf, type StoredIdentity } from '../model/identity'
import { Batch } from '../storage/batch'
import { syncTables } from '../storage/tables'
import type { Tx } from '../storage/transaction'
import { takeOver } from './claim'
import { vacate } from './leader-check'
import { type FoundEntry, type Ledger, readAllEntries } from './ledger'
import { markForeign } from './mark-foreign'
import { breakSeal, readSeal, type Seal } from './seal'
import { readIdentity } from './stored-identity'
import { countUnrecorded } from './unrecorded'
import { byRecord, foreignOf } from './whose'

/** What becomes of changes that are not at the server; `refuse`: nothing happens while there are any. */
export type Fate = 'refuse' | 'keep' | 'discard'

/** How the database stands once somebody has left it. */
export interface Left {
  readonly stored: StoredIdentity
  /** The epoch from which on nobody leads: whoever led before is to stop. */
  readonly epoch: number
}

/**
 * Takes everything of whose data the database holds out of it, in one transaction: rows, outbox, checkpoints, all but
 * what must stay (S16). A crash leaves it whole or empty. What is under way in any tab finds another epoch, or its fence
 * gone, and changes nothing any more. Where somebody else is logged in already (`current`), it becomes theirs.
 * `asked`: whose it was when this was asked for; '' = nobody's, or that of `current`. Undefined where another tab was
 * faster and it is somebody else's by now: they are left alone.
 * @throws SyncError `unsynced-changes` with `details: { count }`
 */
export async function leave(
  ledger: Ledger,
  fate: Fate,
  current: string | null,
  asked: string,
): Promise<Left | undefined> {
  const { storage, tables } = ledger
  let tell = () => {}
  const left = await storage.write([...Object.keys(syncTables), ...tables.keys()], async (tx) => {
    const { identity, since } = await readIdentity(tx)
    const owner = identity || (current ?? '')
    if (owner !== (asked || (current ?? ''))) return undefined
    // They may have left before, and not have come back since: what was kept then has the same fate.
    if (owner !== identity) await breakSeal(tx, owner)
    const entries = await readAllEntries(tx)
    const own = entries.filter((entry) => isOf(entry, owner))
    if (fate !== 'discard') await refuseUnsynced(tx, ledger, fate, entries, own)
    const seal = fate === 'keep' && owner !== '' ? await readSeal(tx, owner) : undefined
    const others = entries.filter((entry) => !isOf(entry, owner))
    const recent = (list: readonly FoundEntry[]) => byRecord(list.filter(({ ref }) => ref[0] > since))
    const theirs = own.map((entry) => ({ ...entry, identity: owner }))
    // Once more those marked before: the server may have made the key of the row they rest on since.
    const before = others.filter(({ change }) => change.foreign)
    await markForeign(tx, tables, [...foreignOf(recent(others), recent(theirs)), ...before])
    await keepOfLog(tx, seal ? entries : entries.filter((entry) => !own.includes(entry)), owner)
    await empty(tx, ledger, seal)
    const epoch = await vacate(tx)
    const last = Math.max(since, entries.at(-1)?.ref[0] ?? 0)
    if (current !== null && current !== owner) {
      const taken = await takeOver(tx, ledger, { identity: '', since: last }, current)
      tell = taken.tell
      return { stored: taken.stored, epoch }
    }
    const stored: StoredIdentity = { name: 'identity', identity: '', since: last, signedOut: owner }
    await tx.put('_sync_meta', [stored])
    return { stored, epoch }
  })
  tell()
  return left
}

/**
 * Rows nobody changed here that are parked count as well: the server has not got them. What no change speaks for yet
 * cannot be kept either.
 */
async function refuseUnsynced(
  tx: Tx,
  ledger: Ledger,
  fate: 'refuse' | 'keep',
  entries: readonly FoundEntry[],
  own: readonly FoundEntry[],
): Promise<void> {
  const unrecorded = await countUnrecorded(tx, ledger, entries)
  if (fate === 'keep' && unrecorded === 0) return
  const conflicts = await tx.scan<Conflict>('_sync_conflicts')
  const rows = conflicts.filter(({ state, entries }) => state === 'parked' && entries.length === 0)
  const count = own.length + rows.length + unrecorded
  if (count > 0) throw new SyncError('unsynced-changes', { details: { count } })
}

/** Leaves these changes alone in the log. Those that were anybody's are the owner's by name from now on. */
async function keepOfLog(tx: Tx, kept: readonly FoundEntry[], owner: string): Promise<void> {
  const seqs = [...new Set(kept.map(({ ref }) => ref[0]))]
  const records = await tx.getMany<StoredLogRecord>('_sync_log', seqs)
  const progress = await tx.getMany<Progress>('_sync_progress', seqs)
  await tx.removeRange('_sync_log', {})
  await tx.removeRange('_sync_progress', {})
  await tx.put(
    '_sync_log',
    records.flatMap((record) => (record ? [{ ...record, identity: record.identity || owner }] : [])),
  )
  await tx.put(
    '_sync_progress',
    progress.flatMap((row) => row ?? []),
  )
}

const emptied = [
  '_sync_fences',
  '_sync_records',
  '_sync_aliases',
  '_sync_conflicts',
  '_sync_letters',
  '_sync_quarantine',
  '_sync_checkpoints',
]

async function empty(tx: Tx, { tables, env }: Ledger, seal: Seal | undefined): Promise<void> {
  for (const table of [...emptied, ...tables.keys()]) await tx.removeRange(table, {})
  const names = (await tx.keys('_sync_meta')).map(String)
  const batch = new Batch()
  for (const name of names) if (!staysInMeta.test(name)) batch.remove('_sync_meta', name)
  // Another life of the sync tables, known as such: nothing has vanished, and no row was here before sync.
  batch.put('_sync_meta', 'instance', { name: 'instance', instance: env.uuid(), vanished: false })
  for (const table of tables.keys()) {
    const name = `adopted:${table}`
    batch.put('_sync_meta', name, { name, done: true })
  }
  if (seal) batch.put('_sync_meta', seal.name, seal)
  await batch.flush(tx)
}

/** A pause is the device's until somebody resumes; what others left sealed is theirs, and has a shape. */
const staysInMeta = /^(paused|schema|sealed:)/
