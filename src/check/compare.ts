import { differingFields } from '../merge/difference'
import { isOlder } from '../merge/order'
import type { Row } from '../model/change'
import type { SyncedTable } from '../model/table'
import { sameWire } from '../model/wire'
import { isComparable } from './comparable'

/** A row here and at the server; null = there is none. */
export interface Pair {
  readonly local: Row | null
  readonly remote: Row | null
}

/** How the two sides of a row that nobody has changed here differ. */
export type Difference =
  | { readonly code: 'missing-here' | 'missing-there' }
  | { readonly code: 'differs'; readonly fields: readonly string[] }

/**
 * How a row here differs from the server's, in wire form and without the server's own fields; undefined = it does not.
 * What the server wrote since the last pull is no difference: it has not come yet. `pulledTo`: the order value it came to.
 */
export function compare(
  { local, remote }: Pair,
  { serverFields, orderField }: Pick<SyncedTable, 'serverFields' | 'orderField'>,
  pulledTo: unknown,
): Difference | undefined {
  if (!local && !remote) return undefined
  if (!remote) return { code: 'missing-there' }
  const order = orderField === undefined ? undefined : remote[orderField]
  if (isOlder(pulledTo, order)) return undefined
  if (!local) return { code: 'missing-here' }
  // The answer is older than what has come meanwhile.
  if (orderField !== undefined && isOlder(order, local[orderField])) return undefined
  const fields = differingFields(local, remote, serverFields).filter((field) =>
    differ(local[field], remote[field]),
  )
  return fields.length > 0 ? { code: 'differs', fields } : undefined
}

function differ(a: unknown, b: unknown): boolean {
  return isComparable(a) && isComparable(b) && !sameWire(a, b)
}
