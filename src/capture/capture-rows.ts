import type { DBCoreMutateResponse } from 'dexie'
import type { Key } from '../model/change'
import { copyValue } from './copy'
import type { Stored } from './describe'
import { issue } from './issue'
import { relay } from './relay'
import { repair } from './repair'
import { refusedKey, serverKey } from './server-key'
import type { CapturedTable } from './synced-table'
import type { CapturedTransaction } from './transaction'
import { wake } from './wake'
import { weightOf } from './weight'
import { type Before, changesOf, keysOf, type RowsRequest, readWrite, type Write } from './write'

/** Writes rows and, in the same transaction, what that changed. */
export function captureRows(
  table: CapturedTable,
  tx: CapturedTransaction,
  request: RowsRequest,
): Promise<DBCoreMutateResponse> {
  const write = readWrite(request, table.core)
  if (write.keys.length === 0) return table.core.mutate(request)
  const images = tx.images(table.name)
  const unread = [...keysOf(write)].filter(([text]) => !images.has(text))
  const before = new Map([...keysOf(write).keys()].map((text) => [text, images.get(text)]))
  const newcomer = write.type === 'put' ? refusedKey(table, write, before, unread) : undefined
  if (newcomer !== undefined) return Promise.reject(serverKey(table, newcomer))
  const told = write.plain && (write.type === 'add' || unread.length === 0)
  // From here the call is issued: whoever reads these keys later reads what it wrote.
  const wrote = () => images.wrote(write.plain ? write.keys.map((key) => key!) : null)
  if (told && tx.log.open && storable(write)) return writeTogether(table, tx, request, write, before, wrote)
  return writeAfter(table, tx, request, write, before, write.type === 'add' ? [] : unread, wrote)
}

/** Everything is known beforehand: rows and log are issued together, and the log is corrected where rows were refused. */
function writeTogether(
  table: CapturedTable,
  tx: CapturedTransaction,
  request: RowsRequest,
  write: Write,
  images: Before,
  wrote: () => void,
): Promise<DBCoreMutateResponse> {
  const { name, core } = table
  const before: Before = write.type === 'add' ? new Map() : images
  const records = (answer?: DBCoreMutateResponse) =>
    tx.attempt(() => tx.records(name, changesOf(write, before, answer))) ?? []
  const issued = issue(core, tx.trans, request)
  wrote()
  const log = tx.log.write(records())
  return relay(
    issued.answer,
    (answer) => {
      if (aborted(answer)) tx.ended()
      else if (answer.numFailures > 0) log.replace(records(answer))
      else log.confirm()
      // An added row whose temporary key became a real one, and was deleted since.
      const newcomer = refusedKey(table, write, before, [], answer)
      if (newcomer !== undefined) tx.fail(serverKey(table, newcomer))
      return tx.finish(answer)
    },
    (error) => {
      repair(tx, issued, write.keys.length, (remains) => {
        wake(tx.trans, request)
        if (aborted(remains)) tx.ended()
        else log.replace(records(remains))
      })
      throw tx.reason(error)
    },
  )
}

/** Reads the rows as they were in the same breath, and writes the log when rows and answer are there. */
function writeAfter(
  table: CapturedTable,
  tx: CapturedTransaction,
  request: RowsRequest,
  live: Write,
  images: Before,
  unread: readonly (readonly [text: string, key: Key])[],
  wrote: () => void,
): Promise<DBCoreMutateResponse> {
  const { name, core } = table
  const tell = tx.log.reserve()
  const write = copyOf(live)
  const before = new Map(images)
  let unreadable: unknown
  if (unread.length > 0)
    core.getMany({ trans: tx.trans, keys: unread.map(([, key]) => key) }).then(
      (rows) => {
        unread.forEach(([text], i) => {
          before.set(text, rows[i])
        })
      },
      (error: unknown) => {
        unreadable = error
      },
    )
  const issued = issue(core, tx.trans, request)
  wrote()
  const settle = (answer: DBCoreMutateResponse) => {
    const records = () => {
      // The reads were issued first, so they have arrived.
      if (aborted(answer)) tx.ended()
      else if (unreadable !== undefined) tx.fail(unreadable)
      else {
        const newcomer = refusedKey(table, write, before, [], answer)
        if (newcomer !== undefined) throw serverKey(table, newcomer)
        return tx.records(name, changesOf(write, before, answer))
      }
    }
    tell(tx.attempt(records) ?? [])
  }
  return relay(
    issued.answer,
    (answer) => {
      settle(answer)
      return tx.finish(answer)
    },
    (error) => {
      repair(tx, issued, write.keys.length, (remains) => {
        wake(tx.trans, request)
        settle(remains)
      })
      throw tx.reason(error)
    },
  )
}

/** The transaction was aborted while this was on its way. */
function aborted({ failures }: DBCoreMutateResponse): boolean {
  return Object.values(failures).some((failure) => failure?.name === 'AbortError')
}

function storable({ rows }: Write): boolean {
  return rows.every((row) => Number.isFinite(weightOf(row)))
}

/** The app may change its objects before the log is written. */
function copyOf(write: Write): Write {
  return { ...write, rows: write.rows.map(copyRow) }
}

function copyRow(row: Stored): Stored {
  try {
    return copyValue(row)
  } catch {
    return row // a getter threw: IndexedDB meets it as well, and refuses the row
  }
}
