import type { PoolClient } from 'pg'
import type { Collection, Row } from './collection'
import { nextCommitTime } from './commit-clock'

/** What both a pool and a transaction can do. */
type Queries = Pick<PoolClient, 'query'>

/** Rows changed after a time, tombstones among them, in the order they were committed. */
export async function listRows(
  queries: Queries,
  { name, fields }: Collection,
  after: number,
  limit: number,
): Promise<Row[]> {
  const { rows } = await queries.query(
    `select * from ${name} where updated_at > $1 order by updated_at limit $2`,
    [after, limit],
  )
  return rows.map((record) => toRow(record, fields))
}

/** The row, a tombstone, or undefined where it never was. */
export async function readRow(
  queries: Queries,
  { name, fields }: Collection,
  key: string | number,
  lock = false,
): Promise<Row | undefined> {
  const { rows } = await queries.query(`select * from ${name} where id = $1${lock ? ' for update' : ''}`, [
    key,
  ])
  return rows[0] && toRow(rows[0], fields)
}

export async function insertRow(
  transaction: PoolClient,
  { name, fields }: Collection,
  time: number,
  values: Row,
): Promise<Row> {
  const all: Row = { ...values, updated_at: time, version: 1 }
  const columns = Object.keys(all)
  const { rows } = await transaction.query(
    `insert into ${name} (${columns.map(quote).join(', ')})
     values (${columns.map((_, place) => `$${place + 1}`).join(', ')}) returning *`,
    Object.values(all),
  )
  return toRow(rows[0], fields)
}

export async function updateRow(
  transaction: PoolClient,
  { name, fields }: Collection,
  key: string | number,
  time: number,
  values: Row,
): Promise<Row> {
  const all: Row = { ...values, updated_at: time }
  const sets = Object.keys(all).map((column, place) => `${quote(column)} = $${place + 2}`)
  const { rows } = await transaction.query(
    `update ${name} set ${sets.join(', ')}, version = version + 1 where id = $1 returning *`,
    [key, ...Object.values(all)],
  )
  return toRow(rows[0], fields)
}

/** Turns every living row into a tombstone, each with a time of its own. */
export async function buryAll(transaction: PoolClient, collection: Collection): Promise<void> {
  const time = await nextCommitTime(transaction, collection.name)
  const { rows } = await transaction.query(`select id from ${collection.name} where deleted_at is null`)
  if (rows.length === 0) return
  for (const [place, { id }] of rows.entries()) {
    await updateRow(transaction, collection, id, time + place, { deleted_at: time + place })
  }
  await transaction.query('update clocks set last = $2 where name = $1', [
    collection.name,
    time + rows.length,
  ])
}

const quote = (column: string) => `"${column}"`
const isoTime = (ms: unknown) => new Date(Number(ms)).toISOString()

/** Times leave as ISO text. A tombstone keeps its key and times only: what was deleted is nobody's business. */
function toRow(record: Row, fields: Collection['fields']): Row {
  const { id, updated_at, version, deleted_at } = record
  const times = { updated_at: isoTime(updated_at), version }
  if (deleted_at !== null) return { id, ...times, deleted_at: isoTime(deleted_at) }
  return { id, ...Object.fromEntries(Object.keys(fields).map((field) => [field, record[field]])), ...times }
}
