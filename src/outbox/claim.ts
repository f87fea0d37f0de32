import { keyText } from '../keys/key-text'
import type { Alias } from '../model/alias'
import { isOf, type StoredIdentity } from '../model/identity'
import { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { giveBack } from './give-back'
import { holdForeign } from './hold-foreign'
import { keysNow } from './keys-now'
import { checkEpoch } from './leader-check'
import { type FoundEntry, type Ledger, readAllEntries } from './ledger'
import { markForeign } from './mark-foreign'
import { breakSeal, type Seal } from './seal'
import { showRows } from './show-rows'
import { readIdentity } from './stored-identity'
import { byRecord, foreignOf, madeBy, nameOf } from './whose'

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

/**
 * A database that is nobody's becomes that of who is logged in, with what was written before (I11). Where it is theirs
 * already, what others wrote in their absence is put away. One that is somebody else's stays so.
 */
export async function claim(parts: ClaimParts, epoch: number, identity: string): Promise<StoredIdentity> {
  const { storage, tables } = parts
  let tell = () => {}
  const claimed = await storage.write([...claimTables, ...tables.keys()], async (tx) => {
    await checkEpoch(tx, epoch)
    const stored = await readIdentity(tx)
    if (stored.identity !== '' && stored.identity !== identity) return stored
    const taken = await takeOver(tx, parts, stored, identity)
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
export async function takeOver(
  tx: Tx,
  parts: ClaimParts,
  { identity: holder, since }: Pick<StoredIdentity, 'identity' | 'since'>,
  identity: string,
): Promise<Taken> {
  const batch = new Batch()
  const before = await readAllEntries(tx)
  const marked = await putOthersAway(tx, batch, parts, before, since, identity)
  const entries = marked ? await readAllEntries(tx) : before
  const own = entries.filter((entry) => isOf(entry, identity)).map((entry) => ({ ...entry, identity }))
  if (holder !== identity) {
    const seal = await breakSeal(tx, identity)
    showRows(batch, parts.tables, own, { since, seal, resolve: resolver(seal) })
  }
  const tell = await holdForeign(tx, batch, parts, own)
  const last = entries.at(-1)?.ref[0] ?? 0
  const stored: StoredIdentity = { name: 'identity', identity, since: Math.max(since, last) }
  batch.put('_sync_meta', 'identity', stored)
  await batch.flush(tx)
  return { stored, tell }
}

/**
 * Nobody sees the rows others have made; rows they have changed are as they were. What anybody did to a row that was not
 * theirs rests on nothing now. Answers whether there was any of that.
 */
async function putOthersAway(
  tx: Tx,
  batch: Batch,
  { tables }: ClaimParts,
  entries: readonly FoundEntry[],
  since: number,
  identity: string,
): Promise<boolean> {
  const recent = entries.filter(({ ref, table }) => ref[0] > since && tables.has(table))
  const theirs = recent.filter((entry) => !isOf(entry, identity))
  if (theirs.length === 0) return false
  // The server may have given a row its key since: it is by that one that it is here.
  const keyNow = await keysNow(tx, recent)
  const others = byRecord(theirs, keyNow)
  const mine = recent.filter((entry) => isOf(entry, identity)).map((one) => ({ ...one, identity }))
  const own = byRecord(mine, keyNow)
  const made = madeBy(others)
  const ownNow = madeBy(own)
  for (const record of others)
    if (made.has(nameOf(record)) && !ownNow.has(nameOf(record))) batch.remove(record.table, record.key)
  const touches = recent.map((entry) => ({ ...entry, identity: '', mine: isOf(entry, identity) }))
  await giveBack(tx, batch, tables, byRecord(touches, keyNow))
  return markForeign(tx, tables, foreignOf(others, own))
}

function resolver(seal: Seal | undefined): (table: string, key: Alias['key']) => Alias['key'] {
  const known = new Map(
    seal?.aliases.map(({ table, temporary, key }) => [`${table} ${keyText(temporary)}`, key]) ?? [],
  )
  return (table, key) => known.get(`${table} ${keyText(key)}`) ?? key
}
