import type { Key } from '../model/change'
import type { Checkpoint } from '../model/checkpoint'
import type { RecordState } from '../model/record-state'
import { checkEpoch } from '../outbox/leader-check'
import type { Term } from '../outbox/term'
import type { PullScope } from '../protocol/protocol'
import { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { checkCheckpoint, pageTables } from './apply'
import { arrivals, type Item } from './arrivals'
import { type Applied, carryOut } from './carry-out'
import { decide } from './decide'
import type { Listing } from './listing'
import { isMassSweep } from './mass-sweep'

/** What a sweep did; `kept`: rows stay although the server did not list them, because too many would go. */
export interface Swept {
  readonly checkpoint: Checkpoint
  readonly applied: number
  readonly conflicts: number
  readonly kept: boolean
}

/**
 * Ends a resync: rows that the server did not list are removed, and changes that wait on such a row meet its deletion
 * (FAULTS B10, B13, B19). Rows of which the server has confirmed something lately, that are parked, or that were here
 * before sync, stay. One transaction with the end of the generation: either all of it has happened, or it begins again.
 */
export async function sweep(
  term: Term,
  scope: PullScope,
  listing: Listing,
  from: Checkpoint,
): Promise<Swept> {
  const { sweep: _, again, ...ended } = from
  let checkpoint: Checkpoint = ended
  let done: Applied[] = []
  let removed = 0
  let kept = false
  await term.storage.write([...pageTables, ...scope.tables], async (tx) => {
    done = []
    removed = 0
    kept = false
    await checkEpoch(tx, term.epoch)
    await checkCheckpoint(tx, scope, from)
    await term.outbox.readTail(tx)
    const batch = new Batch()
    const isDoubtful = again === undefined && hasReceipts(term, scope, listing)
    checkpoint = { ...ended, ...(isDoubtful && { again: term.env.now() + term.settings.lagWindow }) }
    batch.put('_sync_checkpoints', scope.name, checkpoint)
    for (const table of listing.readable ? scope.tables : []) {
      const keys = await tx.keys(table)
      const gone = keys.filter((key) => isGone(term, listing, table, key))
      const judged = { unlisted: gone.length, rows: keys.length, listed: listing.count(table) }
      if (isMassSweep(judged, term.settings.maxDeleteRatio)) {
        kept = true
        continue
      }
      for (const key of gone) batch.remove(table, key)
      removed += gone.length
      done.push(...(await meetDeletions(tx, batch, term, vanished(term, listing, table))))
    }
    await batch.flush(tx)
  })
  for (const { committed } of done) committed()
  const applied = removed + done.filter((one) => one.applied).length
  return { checkpoint, applied, conflicts: done.filter(({ conflict }) => conflict).length, kept }
}

/** Receipts from before the listing stood against it. */
function hasReceipts({ outbox }: Term, { tables }: PullScope, { since }: Listing): boolean {
  return [...outbox.states.values()].some(({ table, version }) => tables.includes(table) && version <= since)
}

/** Nothing speaks for a row that the server did not list. */
function isGone({ outbox, existing }: Term, listing: Listing, table: string, key: Key): boolean {
  const spokenFor = outbox.of(table, key) || outbox.hasState(table, key) || existing.has(table, key)
  return !spokenFor && !listing.has(table, key)
}

/** Records with waiting changes of a row that the server had, and did not list. */
function vanished({ outbox, existing }: Term, listing: Listing, table: string): Item[] {
  return [...outbox.waiting.records()]
    .filter(
      (record) =>
        record.table === table &&
        record.entries[0]?.kind !== 'create' &&
        !listing.has(table, record.key) &&
        !existing.has(table, record.key) &&
        // Made or confirmed while the listing went on.
        outbox.stateVersion(table, record.key) <= listing.since,
    )
    .map(({ key }) => ({ table, key, row: null }))
}

async function meetDeletions(tx: Tx, batch: Batch, term: Term, items: readonly Item[]): Promise<Applied[]> {
  const done: Applied[] = []
  for (const arrival of await arrivals(tx, term, items, true)) {
    if (isConfirmed(term, arrival.state)) continue
    const verdict = decide(arrival, term.tables.get(arrival.item.table)!)
    done.push(await carryOut(tx, batch, term, arrival, verdict))
  }
  return done
}

/** The server has accepted something of the row lately, and a replica may lag: a later page tells of it. */
function isConfirmed({ env, settings }: Term, state: RecordState | undefined): boolean {
  const { settledAt, acceptedAt = Number.NEGATIVE_INFINITY } = state ?? {}
  return settledAt !== undefined || env.now() - acceptedAt < settings.lagWindow
}
