import { withKey } from '../keys/key-in-row'
import { keyText } from '../keys/key-text'
import { temporaryKey } from '../keys/temporary'
import type { Change, Key, Row } from '../model/change'
import type { EntryRef } from '../model/entry'
import type { SyncedTable } from '../model/table'
import type { Tx } from '../storage/transaction'
import { type ExistingRecord, existingRecord } from './existing'
import { checkEpoch } from './leader-check'
import type { Term } from './term'

/** Rows taken over in one transaction: an interrupted adoption goes on with the next slice. */
const sliceSize = 200

interface Adopted {
  readonly name: string
  readonly done: boolean
}

export interface Adoption {
  /** Rows that were here before are created at the server (`initialUpload: true`). */
  readonly upload: boolean
  /** The sync tables were lost while rows stayed (decision 4): nothing is uploaded, every row is compared. */
  readonly vanished: boolean
}

/**
 * Looks once at the rows a table held before sync came (decision 5): uploads them under keys that cannot clash with
 * the server's, or remembers their keys so that no pulled row overwrites one unseen.
 */
export async function adopt(term: Term, table: SyncedTable, { upload, vanished }: Adoption): Promise<void> {
  const { storage, existing } = term
  const name = `adopted:${table.name}`
  const [known, remembered] = await storage.read(['_sync_meta'], async (tx) => [
    await tx.get<Adopted>('_sync_meta', name),
    await tx.get<ExistingRecord>('_sync_meta', `existing:${table.name}`),
  ])
  if (remembered) existing.restore(remembered)
  if (known?.done) return
  if (upload && !vanished && table.push) {
    while (await uploadSlice(term, table, name)) if (term.over.aborted) return
    return
  }
  await remember(term, table, name, vanished)
}

async function remember(term: Term, table: SyncedTable, name: string, orphans: boolean): Promise<void> {
  const { storage, outbox, existing } = term
  await storage.write(['_sync_log', '_sync_meta', '_sync_leader', table.name], async (tx) => {
    await checkEpoch(tx, term.epoch)
    await outbox.readTail(tx)
    const keys = (await tx.keys(table.name)).filter((key) => !isMadeSince(term, table, key))
    const record = existingRecord(table.name, keys, orphans)
    await tx.put('_sync_meta', keys.length > 0 ? [record, { name, done: true }] : [{ name, done: true }])
    if (keys.length > 0) existing.restore(record)
  })
}

/** A row whose oldest waiting change made it came after sync. */
function isMadeSince({ outbox }: Term, { name }: SyncedTable, key: Key): boolean {
  return outbox.of(name, key)?.entries[0]?.kind === 'create'
}

/** Turns some rows into creates; answers whether there are more. Rows with a create on the log are done already. */
async function uploadSlice(term: Term, table: SyncedTable, name: string): Promise<boolean> {
  const { storage, outbox } = term
  let more = false
  await storage.write(
    ['_sync_log', '_sync_progress', '_sync_meta', '_sync_leader', table.name],
    async (tx) => {
      await checkEpoch(tx, term.epoch)
      await outbox.readTail(tx)
      const keys = (await tx.keys(table.name)).filter((key) => !isMadeSince(term, table, key))
      const slice = keys.slice(0, sliceSize)
      more = keys.length > slice.length
      const rows = await tx.getMany<Row>(table.name, slice)
      const replaces = slice.flatMap((key) => outbox.of(table.name, key)?.entries.map(({ ref }) => ref) ?? [])
      const changes = slice.map((key, i) => asCreate(term, table, key, rows[i]!))
      await move(tx, table, slice, changes)
      if (changes.length > 0) await outbox.append(tx, { table: table.name, changes, replaces })
      await finish(term, tx, replaces)
      if (!more) await tx.put('_sync_meta', [{ name, done: true }])
    },
  )
  await outbox.refresh()
  return more
}

function asCreate({ env }: Term, { keys, keyPath }: SyncedTable, key: Key, row: Row): Change {
  if (keys === 'client') return { kind: 'create', key, row }
  const temporary = temporaryKey(typeof key === 'number' ? 'number' : 'text', env)
  return { kind: 'create', key: temporary, row: withKey(row, keyPath, temporary) }
}

async function move(
  tx: Tx,
  { name }: SyncedTable,
  keys: readonly Key[],
  changes: readonly Change[],
): Promise<void> {
  const renamed = changes.filter(({ key }, i) => keyText(key) !== keyText(keys[i]!))
  if (renamed.length === 0) return
  await tx.remove(name, keys)
  await tx.put(
    name,
    changes.map(({ row }) => row!),
    changes.map(({ key }) => key),
  )
}

async function finish({ outbox }: Term, tx: Tx, replaces: readonly EntryRef[]): Promise<void> {
  if (replaces.length > 0) await outbox.finish(tx, replaces)
}
