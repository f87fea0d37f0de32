import type { DBCoreDeleteRangeRequest, DBCoreMutateResponse } from 'dexie'
import { keyInside } from '../keys/named-keys'
import { storedKey } from '../keys/stored-key'
import type { Change, Key } from '../model/change'
import { describe } from './describe'
import { relay } from './relay'
import type { CapturedTable } from './synced-table'
import type { CapturedTransaction } from './transaction'

/** Dexie's range that holds every key: a whole-table clear (decision 12). */
const everything = 3

/** Deletes a range of rows; what was in it is read in the same breath. */
export function captureRange(
  { name, core }: CapturedTable,
  tx: CapturedTransaction,
  request: DBCoreDeleteRangeRequest,
): Promise<DBCoreMutateResponse> {
  const { primaryKey } = core.schema
  const { range } = request
  const tell = tx.log.reserve()
  let changes: Change[] = []
  let unreadable: unknown
  const query = (values: boolean) =>
    core.query({
      trans: tx.trans,
      values,
      limit: Number.POSITIVE_INFINITY,
      query: { index: primaryKey, range },
    })
  Promise.all([query(true), primaryKey.outbound ? query(false) : undefined]).then(
    ([rows, keys]) => {
      changes = rows.result.flatMap((row: unknown, i) => {
        const key = keys ? keys.result[i] : keyInside(primaryKey.extractKey!, row)
        return describe(storedKey(key as Key), row, undefined)
      })
    },
    (error: unknown) => {
      unreadable = error
    },
  )
  const rows = core.mutate(request)
  tx.images(name).wrote(null)
  return relay(
    rows,
    (answer) => {
      if (answer.failures[0]?.name === 'AbortError') tx.ended()
      else if (unreadable !== undefined) tx.fail(unreadable)
      const told = answer.numFailures > 0 || unreadable !== undefined ? [] : changes
      tell(tx.attempt(() => tx.records(name, told, range.type === everything)) ?? [])
      return tx.finish(answer)
    },
    (error) => {
      tell([])
      throw tx.reason(error)
    },
  )
}
