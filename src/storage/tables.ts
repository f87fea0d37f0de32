/**
 * The sync tables, in the app's own database, hidden from `db.tables` (decision 4). Dexie schema strings.
 *
 * - `_sync_log`: the outbox, append-only records of changes, `seq` is commit order.
 * - `_sync_progress`: what became of the changes of a record, by its `seq`.
 * - `_sync_fences`: requests that left or are about to, by Idempotency-Key.
 * - `_sync_records`: state of the records that have entries, and receipts.
 * - `_sync_aliases`: temporary key to the server's key.
 * - `_sync_conflicts`: conflicts that were decided, and those parked for a person.
 * - `_sync_letters`: dead letters: the request that was refused, and why.
 * - `_sync_quarantine`: pulled rows that could not be applied.
 * - `_sync_checkpoints`: how far each pull scope has come.
 * - `_sync_leader`: epoch and heartbeat of the leader, one row.
 * - `_sync_meta`: small facts by name: pause, origin, rows that were here before sync.
 */
export const syncTables = {
  _sync_log: '++seq',
  _sync_progress: 'seq',
  _sync_fences: 'id',
  _sync_records: '[table+key]',
  _sync_aliases: '[table+temporary]',
  _sync_conflicts: 'id',
  _sync_letters: 'id',
  _sync_quarantine: '++id',
  _sync_checkpoints: 'scope',
  _sync_leader: 'name',
  _sync_meta: 'name',
} as const

export type SyncTableName = keyof typeof syncTables

/** True for names of our own tables. */
export function isSyncTable(name: string): boolean {
  return Object.hasOwn(syncTables, name)
}
