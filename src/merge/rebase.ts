import type { Row } from '../model/change'
import { differingFields } from './difference'

/**
 * The server's row with what was changed here on top (I6). A field that is here what it was before, though it was
 * something else in between, is the server's. Only where all three rows are there.
 */
export function rebase(base: Row, local: Row, remote: Row): Row {
  const row = { ...remote }
  for (const field of differingFields(base, local)) {
    if (Object.hasOwn(local, field)) row[field] = local[field]
    else delete row[field]
  }
  return row
}
