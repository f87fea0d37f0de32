import { compareOrder } from '../merge/order'
import type { Key, Row } from '../model/change'
import type { Checkpoint } from '../model/checkpoint'
import type { Term } from '../outbox/term'
import type { Tx } from '../storage/transaction'
import type { Arrival } from './decide'

/** A row or deletion of a page. */
export interface Item {
  readonly table: string
  readonly key: Key
  /** null = deleted at the server. */
  readonly row: Row | null
  /** The order value of a deletion, where the server tells it. */
  readonly deletedAt?: unknown
}

export type ItemArrival = Arrival & { readonly item: Item }

/**
 * True for what may be written unread (decision 3): nothing of the record waits, no receipt tells of it, and it lies
 * beyond what was applied before.
 */
export function isFresh(
  { outbox, existing, tables }: Term,
  { table, key, row }: Item,
  from?: Checkpoint,
): boolean {
  if (outbox.of(table, key) || outbox.hasState(table, key) || existing.has(table, key)) return false
  if (!from) return true
  if (!row) return false
  const orderField = tables.get(table)?.orderField
  const highest = from.ordered[table]
  // Without an order nobody can tell what is new; once everything was fetched, most of an overlap is not.
  if (!orderField || row[orderField] === undefined) return !from.complete
  if (highest === undefined) return true
  const order = compareOrder(row[orderField], highest)
  return order !== null && order > 0
}

/**
 * Reads what bears on some rows of a page: one read for the local rows, one for the states. `anew`: the page belongs to
 * a pull from the start.
 */
export async function arrivals(
  tx: Tx,
  term: Term,
  items: readonly Item[],
  anew: boolean,
): Promise<ItemArrival[]> {
  const { outbox, existing } = term
  const states = await outbox.readStates(tx, items)
  const locals = await readLocals(tx, items)
  const made: ItemArrival[] = []
  for (const [i, item] of items.entries()) {
    const entries = outbox.of(item.table, item.key)?.entries ?? []
    made.push({
      item,
      remote: item.row,
      deletedAt: item.deletedAt,
      local: locals[i] ?? null,
      state: states[i],
      waiting: await outbox.changes(
        entries.map(({ ref }) => ref),
        tx,
      ),
      underway: entries.some(
        ({ ref, fence, shape }) => fence !== undefined || shape !== undefined || outbox.massDeletes.has(ref),
      ),
      held: entries.some(({ held }) => held !== undefined),
      unconfirmed: existing.has(item.table, item.key),
      anew,
    })
  }
  return made
}

async function readLocals(tx: Tx, items: readonly Item[]): Promise<(Row | undefined)[]> {
  const found = new Map<Item, Row | undefined>()
  for (const table of new Set(items.map((item) => item.table))) {
    const ofTable = items.filter((item) => item.table === table)
    const rows = await tx.getMany<Row>(
      table,
      ofTable.map(({ key }) => key),
    )
    for (const [i, item] of ofTable.entries()) found.set(item, rows[i])
  }
  return items.map((item) => found.get(item))
}
