import type { ChangeKind, Key, Row } from '../model/change'
import type { Fence } from '../model/entry'
import type { DeadLetter } from '../model/held'
import type { Reason } from '../model/outcome'
import type { EndedOutcome, RecordState } from '../model/record-state'
import { shapeOf } from '../model/schema'
import type { SyncState } from '../model/status'
import {
  type FoundEntry,
  type Ledger,
  ledgerTables,
  ofRecord,
  readEntries,
  renewAliases,
} from '../outbox/ledger'
import { serverUntil } from '../outbox/server-until'
import type { Tx } from '../storage/transaction'
import { readPause } from './pause'
import { type Circumstances, nextAttemptOf, type Why, whyOf } from './why'

/** One change of an explained row, oldest first. Times in ms of the wall clock. */
export interface ExplainedEntry {
  readonly kind: ChangeKind
  readonly state: 'waiting' | 'sent' | 'dead' | 'parked'
  /** When it was made. */
  readonly at: number
  /** Its op id: the Idempotency-Key of what carries it, or part of it. */
  readonly op: string
  /** Answered failures so far. */
  readonly attempts?: number
  /** Its request goes again then. */
  readonly dueAt?: number
  /** Id of the dead letter or conflict it is held under. */
  readonly heldBy?: string
  /** Why it was refused, or did not get through last. */
  readonly reason?: Reason
}

/** Everything sync knows of one row. Holds rows: for the eyes of whoever may see them, not for logs. */
export interface Explanation {
  readonly table: string
  /** The key the row has now. */
  readonly key: Key
  /** The row as the app sees it; null = it is not here. */
  readonly local: Row | null
  /** The server's row the waiting changes stand on; null = it has none. Absent where nothing waits. */
  readonly base?: Row | null
  /** A row of the server that waits for what is under way, or for a decision; null = deleted there. */
  readonly incoming?: Row | null
  readonly entries: readonly ExplainedEntry[]
  /** How changes of the row ended last, as far as that is remembered (some minutes). */
  readonly last?: { readonly outcome: 'accepted' | EndedOutcome; readonly at: number }
  /** When it is tried again by itself, ms of the wall clock. */
  readonly nextAttempt?: number
  /** What its changes wait for. */
  readonly why: Why
}

interface Asked {
  readonly table: string
  readonly key: Key
  /** Where sync stands in this tab. */
  readonly sync: SyncState
}

/** Reads everything about one row, in one transaction, in whichever tab. */
export async function explain(ledger: Ledger, { table, key, sync }: Asked): Promise<Explanation> {
  await renewAliases(ledger)
  return ledger.storage.read([...ledgerTables, table], async (tx) => {
    const current = ledger.aliases.resolve(table, key)
    const local = (await tx.get<Row>(table, current)) ?? null
    const found = ofRecord(ledger, await readEntries(tx), table, current)
    const state = await tx.get<RecordState>('_sync_records', [table, current])
    const fences = await tx.scan<Fence>('_sync_fences')
    const entries: ExplainedEntry[] = []
    for (const entry of found) entries.push(await explained(tx, entry, fences))
    const about: Circumstances = {
      states: entries.map((entry) => entry.state),
      parked: state?.parked !== undefined,
      discarding: state?.discard !== undefined,
      incoming: state?.incoming !== undefined,
      newer: found.some((entry) => shapeOf(entry, ledger.schema) === 'newer'),
      tablePaused: (await readPause(tx)).tables.includes(table),
      sync,
      serverUntil: await serverUntil(tx, ledger.env.now()),
      dueAt: Math.max(0, ...entries.map(({ dueAt = 0 }) => dueAt)),
      now: ledger.env.now(),
    }
    const why = whyOf(about)
    const nextAttempt = nextAttemptOf(about, why)
    const base = state?.base !== undefined ? state.base : (found[0]?.change.before ?? null)
    const last = lastOf(state)
    return {
      table,
      key: current,
      local,
      ...(found.length > 0 && { base }),
      ...(state?.incoming && { incoming: state.incoming.row }),
      entries,
      ...(last && { last }),
      ...(nextAttempt !== undefined && { nextAttempt }),
      why,
    }
  })
}

async function explained(
  tx: Tx,
  { ref, change: { kind }, at, op, mark }: FoundEntry,
  fences: readonly Fence[],
): Promise<ExplainedEntry> {
  const known = { kind, at, op }
  if (mark) {
    const letter = mark.held === 'dead' ? await tx.get<DeadLetter>('_sync_letters', mark.by) : undefined
    const why = letter && { attempts: letter.attempts, reason: letter.reason }
    return { ...known, state: mark.held, heldBy: mark.by, ...why }
  }
  const fence = fences.find(({ items }) =>
    items.some(({ entries }) => entries.some((own) => String(own) === String(ref))),
  )
  if (!fence) return { ...known, state: 'waiting' }
  const { attempts, dueAt, reason } = fence
  return { ...known, state: 'sent', attempts, ...(dueAt > 0 && { dueAt }), ...(reason && { reason }) }
}

function lastOf(state: RecordState | undefined): Explanation['last'] {
  if (state?.ended) return state.ended
  return state?.settledAt === undefined ? undefined : { outcome: 'accepted', at: state.settledAt }
}
