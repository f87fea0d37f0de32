import type { Key, Row } from '../model/change'
import type { Checkpoint, Page, TableChanges } from '../model/checkpoint'
import { sameValue } from '../model/equal'
import { checkEpoch } from '../outbox/leader-check'
import type { Term } from '../outbox/term'
import type { PullScope } from '../protocol/protocol'
import { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { arrivals, type Item, isFresh } from './arrivals'
import { type Applied, carryOut } from './carry-out'
import { advance } from './checkpoints'
import { decide } from './decide'
import { observeTimes } from './observe-times'

/** Rows in one transaction at most: the page is one to the app either way, and other writers get a turn. */
const sliceSize = 1000

export const pageTables = [
  '_sync_log',
  '_sync_progress',
  '_sync_records',
  '_sync_conflicts',
  '_sync_checkpoints',
  '_sync_quarantine',
  '_sync_leader',
  '_sync_meta',
]

/** What a page did. */
export interface AppliedPage {
  readonly checkpoint: Checkpoint
  readonly applied: number
  readonly conflicts: number
}

/** Thrown inside a page's transaction when the checkpoint is not the one it was asked from: it rolls back (I5). */
export class PageOutdated extends Error {
  override readonly name = 'PageOutdated'
}

/** True for {@link PageOutdated}, also inside the error of an aborted transaction. */
export function isPageOutdated(error: unknown): boolean {
  return error instanceof PageOutdated || (error as { inner?: unknown } | null)?.inner instanceof PageOutdated
}

/**
 * Applies a page (I5): rows, deletions and checkpoint commit together, a large page in slices of which the last moves
 * the checkpoint. Every slice first checks that this tab still leads and that the page still fits.
 */
export async function applyPage(
  term: Term,
  scope: PullScope,
  page: Page,
  from: Checkpoint | undefined,
): Promise<AppliedPage> {
  observeTimes(term, page)
  const items = page.changes.flatMap((changes) => itemsOf(term, changes))
  const to = advance(from, scope, page, items, term)
  let applied = 0
  let conflicts = 0
  for (let at = 0; at === 0 || at < items.length; at += sliceSize) {
    const slice = items.slice(at, at + sliceSize)
    const last = at + sliceSize >= items.length
    const done = await applySlice(term, scope, slice, from, last ? { page, to } : null)
    applied += done.applied
    conflicts += done.conflicts
  }
  return { checkpoint: to, applied, conflicts }
}

async function applySlice(
  term: Term,
  scope: PullScope,
  slice: readonly Item[],
  from: Checkpoint | undefined,
  last: { page: Page; to: Checkpoint } | null,
): Promise<{ applied: number; conflicts: number }> {
  const tables = new Set(slice.map(({ table }) => table))
  let done: Applied[] = []
  let applied = 0
  await term.storage.write([...pageTables, ...tables], async (tx) => {
    done = []
    await checkEpoch(tx, term.epoch)
    await checkCheckpoint(tx, scope, from)
    await term.outbox.readTail(tx)
    await term.outbox.sweep(tx)
    const batch = new Batch()
    const fresh = slice.filter((item) => isFresh(term, item, from))
    for (const { table, key, row } of fresh) writeRow(batch, table, key, row)
    applied = fresh.length
    const looked = slice.filter((item) => !isFresh(term, item, from))
    for (const arrival of await arrivals(tx, term, looked, from?.sweep === true)) {
      const verdict = decide(arrival, term.tables.get(arrival.item.table)!)
      const effect = await carryOut(tx, batch, term, arrival, verdict)
      done.push(effect)
      if (effect.applied) applied += 1
    }
    done.push(await confirmExisting(tx, term, looked))
    if (last) {
      for (const one of last.page.quarantined ?? [])
        await tx.append('_sync_quarantine', { ...one, at: term.env.now() })
      batch.put('_sync_checkpoints', scope.name, last.to)
    }
    await batch.flush(tx)
  })
  for (const { committed } of done) committed()
  return { applied, conflicts: done.filter(({ conflict }) => conflict).length }
}

function itemsOf({ outbox }: Term, { table, rows, deleted, deletedAt }: TableChanges): Item[] {
  const readKey = outbox.keyReader(table)
  return [
    ...rows.map((row): Item => ({ table, key: readKey(row), row })),
    ...deleted.map((key, i): Item => ({ table, key, row: null, deletedAt: deletedAt?.[i] })),
  ]
}

/** Lets a transaction go on only while the checkpoint is the one its page was asked from (I5). */
export async function checkCheckpoint(
  tx: Tx,
  { name }: PullScope,
  from: Checkpoint | undefined,
): Promise<void> {
  const stored = await tx.get<Checkpoint>('_sync_checkpoints', name)
  if (stored?.generation !== from?.generation || !sameValue(stored?.value, from?.value))
    throw new PageOutdated()
}

async function confirmExisting(tx: Tx, { existing }: Term, items: readonly Item[]): Promise<Applied> {
  const commits: (() => void)[] = []
  for (const table of new Set(items.map((item) => item.table))) {
    const keys = items
      .filter((item) => item.table === table && existing.has(table, item.key))
      .map(({ key }) => key)
    if (keys.length > 0) commits.push(await existing.confirm(tx, table, keys))
  }
  return { applied: false, conflict: false, committed: () => runAll(commits) }
}

function runAll(tasks: readonly (() => void)[]): void {
  for (const task of tasks) task()
}

export function writeRow(batch: Batch, table: string, key: Key, row: Row | null): void {
  if (row) batch.put(table, key, row)
  else batch.remove(table, key)
}
