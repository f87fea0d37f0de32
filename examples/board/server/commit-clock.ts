import type { PoolClient } from 'pg'

/**
 * The `updated_at` of a write, ms: strictly increasing within a table, *in the order of commits*.
 *
 * Why so careful: a device asks for "everything after the last time I saw". If times came from `now()`, a slow
 * transaction could commit a row with an earlier time after a device had already pulled a later one, and that device
 * would never hear of the row. Here the update locks the table's clock until the transaction ends, so whoever gets a
 * later time also commits later, and a time once seen has nothing uncommitted below it.
 *
 * Call it before any row is locked: then every write of a table waits in the same place, and two cannot deadlock.
 */
export async function nextCommitTime(transaction: PoolClient, table: string): Promise<number> {
  const { rows } = await transaction.query<{ last: string }>(
    'update clocks set last = greatest(last + 1, $2) where name = $1 returning last',
    [table, Date.now()],
  )
  if (!rows[0]) throw new Error(`no clock for table ${table}`)
  return Number(rows[0].last)
}
