import { keyText } from '../keys/key-text'
import type { Alias } from '../model/alias'
import { isOf, type StoredIdentity } from '../model/identity'
import { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { holdForeign } from './hold-foreign'
import { checkEpoch } from './leader-check'
import { type FoundEntry, type Ledger, readAllEntries } from './ledger'
import { markForeign } from './mark-foreign'
import { breakSeal, type Seal } from './seal'
import { showRows } from './show-rows'
import { readIdentity } from './stored-identity'
import { recordId } from './waiting'
import { byRecord, restingOnOthers } from './whose'

/** What a claim works with. */
export type ClaimParts = Pick<Ledger, 'storage' | 'env' | 'tables' | 'emit'>

/** The sync tables a claim may write, beside the app's own. */
export const claimTables = [
  '_sync_log',
  '_sync_progress',
  '_sync_fences',
  '_sync_records',
  '_sync_aliases',
  '_sync_letters',
  '_sync_conflicts',
  '_sync_meta',
  '_sync_leader',
]

/** A database that is nobody's becomes that of who is logged in, with what was written before (I11). */
export async function claim(parts: ClaimParts, epoch: number, identity: string): Promise<StoredIdentity> {
  const { storage, tables } = parts
  let tell = () => {}
  const claimed = await storage.write([...claimTables, ...tables.keys()], async (tx) => {
    await checkEpoch(tx, epoch)
    const stored = await readIdentity(tx)
    if (stored.identity !== '') return stored
    const taken = await takeOver(tx, parts, stored.since, identity)
    tell = taken.tell
    return taken.stored
  })
  tell()
  return claimed
}

/** Whose the database is from now on. `tell` is to be called once the transaction has committed. */
interface Taken {
  readonly stored: StoredIdentity
  readonly tell: () => void
}

/**
 * Within a transaction over {@link claimTables} and all synced tables: what others wrote is put away, what was kept for
 * `identity` comes back, rows and all, and what it did to rows of others is held for it (`foreign-base`).
 */
export async function takeOver(tx: Tx, parts: ClaimParts, since: number, identity: string): Promise<Taken> {
  const batch = new Batch()
  const before = await readAllEntries(tx)
  const marked = await putOthersAway(tx, batch, parts, before, since, identity)
  const entries = marked ? await readAllEntries(tx) : before
  const own = entries.filter((entry) => isOf(entry, identity)).map((entry) => ({ ...entry, identity }))
  const seal = await breakSeal(tx, identity)
  showRows(batch, parts.tables, own, { since, seal, resolve: resolver(seal) })
  const tell = await holdForeign(tx, batch, parts, own)
  const last = entries.at(-1)?.ref[0] ?? 0
  const stored: StoredIdentity = { name: 'identity', identity, since: Math.max(since, last) }
  batch.put('_sync_meta', 'identity', stored)
  await batch.flush(tx)
  return { stored, tell }
}

/** Nobody sees the rows of others, and what others did to rows that were not theirs rests on nothing now. */
async function putOthersAway(
  tx: Tx,
  batch: Batch,
  { tables }: ClaimParts,
  entries: readonly FoundEntry[],
  since: number,
  identity: string,
): Promise<boolean> {
  const recent = entries.filter(({ ref }) => ref[0] > since)
  const others = byRecord(recent.filter((entry) => !isOf(entry, identity)))
  const own = byRecord(recent.filter((entry) => isOf(entry, identity)).map((one) => ({ ...one, identity })))
  const ownKeys = new Set(own.map(({ table, key }) => recordId(table, key)))
  const made = others.filter((record) => restingOnOthers(record).length < record.entries.length)
  const madeKeys = new Set(made.map(({ table, key }) => recordId(table, key)))
  for (const { table, key } of made)
    if (tables.has(table) && !ownKeys.has(recordId(table, key))) batch.remove(table, key)
  const onTheirs = own.filter(({ table, key }) => madeKeys.has(recordId(table, key)))
  return markForeign(tx, tables, [...others, ...onTheirs].flatMap(restingOnOthers))
}

function resolver(seal: Seal | undefined): (table: string, key: Alias['key']) => Alias['key'] {
  const known = new Map(
    seal?.aliases.map(({ table, temporary, key }) => [`${table} ${keyText(temporary)}`, key]) ?? [],
  )
  return (table, key) => known.get(`${table} ${keyText(key)}`) ?? key
}
