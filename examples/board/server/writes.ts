import type { PoolClient } from 'pg'
import { type Collection, isUuid, type Row } from './collection'
import { nextCommitTime } from './commit-clock'
import { badRequest, type FieldError, invalidRow, Problem } from './problem'
import { insertRow, readRow, updateRow } from './rows'

/** What a write answers: exactly this is kept under its Idempotency-Key and said again to a repeat. */
export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** What a device may send back of a row it was given, and we do not take from it. */
const readOnly = ['id', 'updated_at', 'version', 'deleted_at']

export async function createRow(transaction: PoolClient, collection: Collection, sent: Row): Promise<Answer> {
  const initial = Object.entries(collection.fields).filter(([, field]) => 'initial' in field)
  const values = { ...Object.fromEntries(initial.map(([name, field]) => [name, field.initial])), ...sent }
  const fields = checkedFields(collection, values, Object.keys(collection.fields))
  const time = await nextCommitTime(transaction, collection.name)
  if (collection.key === 'server') {
    return { status: 201, body: await insertRow(transaction, collection, time, fields) }
  }
  if (!isUuid(sent.id)) throw invalidRow([{ field: 'id', detail: 'must be a UUID' }])
  const there = await readRow(transaction, collection, sent.id)
  if (!there) {
    return { status: 201, body: await insertRow(transaction, collection, time, { id: sent.id, ...fields }) }
  }
  // A repeated create of the same row is no conflict: the key says it is the same one.
  if (Object.entries(fields).every(([name, value]) => there[name] === value))
    return { status: 200, body: there }
  throw new Problem(
    409,
    'exists',
    'The row exists',
    `There is another row with this id in ${collection.name}.`,
    {
      current: there,
    },
  )
}

export async function patchRow(
  transaction: PoolClient,
  collection: Collection,
  key: string,
  sent: Row,
  expected: number | undefined,
): Promise<Answer> {
  const time = await nextCommitTime(transaction, collection.name)
  const current = await findLiving(transaction, collection, key)
  checkVersion(current, expected)
  const fields = checkedFields(collection, sent, [])
  if (Object.keys(fields).length === 0) return { status: 200, body: current }
  return { status: 200, body: await updateRow(transaction, collection, current.id as string, time, fields) }
}

export async function deleteRow(
  transaction: PoolClient,
  collection: Collection,
  key: string,
  expected: number | undefined,
): Promise<Answer> {
  const time = await nextCommitTime(transaction, collection.name)
  const current = await findLiving(transaction, collection, key)
  checkVersion(current, expected)
  const tombstone = await updateRow(transaction, collection, current.id as string, time, { deleted_at: time })
  return { status: 200, body: tombstone }
}

/** The row for a change. 404: never was. 410: somebody deleted it. */
async function findLiving(transaction: PoolClient, collection: Collection, key: string): Promise<Row> {
  const row = await readRow(transaction, collection, checkedKey(collection, key), true)
  if (!row) throw missing(collection)
  if (row.deleted_at) throw gone(collection, row)
  return row
}

export function missing({ name }: Collection): Problem {
  return new Problem(404, 'not-found', 'There is no such row', `No row with this id in ${name}.`)
}

export function gone({ name }: Collection, tombstone: Row): Problem {
  return new Problem(410, 'gone', 'The row was deleted', `The row was deleted from ${name}.`, {
    current: tombstone,
  })
}

/** A key as it stands in an address. */
export function checkedKey({ key: made }: Collection, key: string): string | number {
  if (made === 'client') {
    if (!isUuid(key)) throw badRequest('the id must be a UUID')
    return key
  }
  const id = Number(key)
  if (!Number.isInteger(id) || Math.abs(id) > 2 ** 31 - 1) throw badRequest('the id must be a whole number')
  return id
}

function checkVersion(current: Row, expected: number | undefined): void {
  if (expected === undefined || current.version === expected) return
  throw new Problem(409, 'changed', 'The row was changed', `The row has version ${current.version} by now.`, {
    current,
  })
}

function checkedFields(collection: Collection, sent: Row, needed: readonly string[]): Row {
  const errors: FieldError[] = []
  const values: Row = {}
  for (const name of new Set([...needed, ...Object.keys(sent)])) {
    if (readOnly.includes(name)) continue
    const field = collection.fields[name]
    const detail = field ? field.check(sent[name]) : 'is no field of this table'
    if (detail) errors.push({ field: name, detail })
    else values[name] = sent[name]
  }
  if (errors.length > 0) throw invalidRow(errors)
  return values
}
