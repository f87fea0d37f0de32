import { isOlder } from '../merge/order'
import type { Checkpoint, Page } from '../model/checkpoint'
import { sameValue } from '../model/equal'
import { outlived } from '../outbox/outlived'
import type { Term } from '../outbox/term'
import type { PullScope } from '../protocol/protocol'
import type { Item } from './arrivals'

/** The checkpoint behind a page (I5): the protocol's value, and the highest order value applied of each table. */
export function advance(
  from: Checkpoint | undefined,
  scope: PullScope,
  page: Page,
  items: readonly Item[],
  { tables, env }: Pick<Term, 'tables' | 'env'>,
): Checkpoint {
  const value = page.checkpoint === undefined ? from?.value : page.checkpoint
  const moved = !from || !sameValue(value, from.value)
  const ordered: Record<string, unknown> = { ...from?.ordered }
  for (const { table, row } of items) {
    const orderField = tables.get(table)?.orderField
    if (!row || !orderField || row[orderField] === undefined) continue
    if (ordered[table] === undefined || isOlder(ordered[table], row[orderField]))
      ordered[table] = row[orderField]
  }
  return {
    scope: scope.name,
    value,
    generation: from?.generation ?? 0,
    movedAt: moved ? env.now() : from.movedAt,
    ordered,
    complete: from?.complete === true || !page.more,
    ...(from?.sweep && { sweep: from.sweep }),
    ...(from?.again !== undefined && { again: from.again }),
  }
}

/** The checkpoint a resync begins with: from the start, in a new generation. What is here already is compared. */
export function beginAnew(scope: PullScope, from: Checkpoint | undefined, now: number): Checkpoint {
  const { generation = 0, ordered = {}, complete = false, again } = from ?? {}
  return {
    scope: scope.name,
    value: undefined,
    generation: generation + 1,
    movedAt: 0,
    ordered,
    complete,
    sweep: true,
    ...(again !== undefined && again < now && { again }),
  }
}

/**
 * A resync is to be made once more, since receipts stood against the first: they outlive replicas that lag, and tell the
 * same where the server was set back (FAULTS B13). By now they are gone.
 */
export function isDueAgain(term: Term, { tables }: PullScope, { again, sweep }: Checkpoint): boolean {
  if (again === undefined || sweep || term.env.now() <= again) return false
  return !outlived(term).some(({ table }) => tables.includes(table))
}

/** True when every scope has once been pulled to its end. */
export function hasPulledAll(scopes: readonly PullScope[], stored: Iterable<Checkpoint>): boolean {
  const complete = new Set([...stored].filter((one) => one.complete).map(({ scope }) => scope))
  return scopes.every(({ name }) => complete.has(name))
}

/**
 * True for the last page once more: a server that compares with `>=` answers its newest rows with every poll. They
 * were applied when they first came, and whatever happened to them since knows of them.
 */
export function isRepeated(page: Page, last: Page | undefined, from: Checkpoint | undefined): boolean {
  if (!last || page.more || from?.complete !== true || from.sweep) return false
  const stays = page.checkpoint === undefined || sameValue(page.checkpoint, from.value)
  return stays && sameValue(page.changes, last.changes)
}

/** True for a page that changes nothing: nothing is written for it, so an empty poll costs no transaction. */
export function isEmptyPage(page: Page, from: Checkpoint | undefined): boolean {
  const bringsNothing = page.changes.every(({ rows, deleted }) => rows.length === 0 && deleted.length === 0)
  const moves = page.checkpoint !== undefined && !sameValue(page.checkpoint, from?.value)
  const completes = !page.more && from?.complete !== true
  return bringsNothing && !moves && !completes && (page.quarantined ?? []).length === 0
}
