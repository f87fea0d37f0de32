import { remoteTime, timeOf } from '../merge/later'
import type { Row } from '../model/change'
import type { Page } from '../model/checkpoint'
import { type ConflictRules, goesByTime } from '../model/conflict-rules'
import type { Term } from '../outbox/term'

/**
 * Lets the clock see the latest time of a page, so that what is done here next is later than what is seen here (H1).
 * Only for tables whose conflicts go by time. May run the app's `clock`: to be called outside transactions.
 */
export function observeTimes({ tables, clock }: Pick<Term, 'tables' | 'clock'>, page: Page): void {
  let latest = 0
  for (const { table, rows } of page.changes) {
    const rules = tables.get(table)?.conflicts
    if (rules && goesByTime(rules)) for (const row of rows) latest = Math.max(latest, changedAt(row, rules))
  }
  if (latest > 0) clock.observe(latest)
}

function changedAt(row: Row, { clock }: ConflictRules): number {
  if (typeof clock !== 'function') return remoteTime(row, clock) ?? 0
  try {
    return timeOf(clock(row)) ?? 0
  } catch {
    return 0 // it is told where a conflict needs it
  }
}
