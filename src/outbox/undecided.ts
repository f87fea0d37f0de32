import { parked } from '../merge/parked'
import type { Resolution } from '../merge/resolve'
import type { Told } from '../merge/told'
import type { Versions } from '../merge/versions'
import type { Key, Row, StampedChange } from '../model/change'
import type { EntryRef } from '../model/entry'
import { sameValue } from '../model/equal'
import { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { askApp } from './ask-app'
import { bringTogether } from './bring-together'
import { applyChanges } from './coalesce'
import { checkEpoch } from './leader-check'
import { withTimes } from './local-times'
import type { Term } from './term'
import { writeResolution } from './write-resolution'

/** How often the app is asked about a record that changes while it is being asked; then a person is (I13). */
export const tries = 3

const tables = [
  '_sync_log',
  '_sync_progress',
  '_sync_records',
  '_sync_conflicts',
  '_sync_leader',
  '_sync_meta',
]

interface Place {
  readonly table: string
  readonly key: Key
}

/** What a decision rests on. */
interface Standpoint {
  readonly refs: readonly EntryRef[]
  readonly changes: readonly StampedChange[]
  readonly remote: Row | null
  readonly versions: Versions
  readonly rounds: number | undefined
}

/**
 * Settles an undecided record: functions of the app are asked outside transactions, and what they said is written only
 * while it still rests on the same rows and changes (I13). True when it was settled.
 */
export async function decideRecord(term: Term, place: Place, signal: AbortSignal): Promise<boolean> {
  for (let asked = 0; ; asked += 1) {
    const seen = await term.storage.read(['_sync_log', '_sync_records'], (tx) => standpoint(tx, term, place))
    if (!seen) return false
    const told = asked < tries ? await ask(term, place, seen, signal) : null
    if (told === undefined) return false
    if (await commit(term, place, seen, told)) return true
  }
}

function ask(
  term: Term,
  { table, key }: Place,
  { versions: rows, changes }: Standpoint,
  signal: AbortSignal,
) {
  const versions = withTimes(rows, changes)
  return askApp({ table, key, versions, rules: term.tables.get(table)!, env: term.env, signal })
}

/** Reads the record anew; null = it is not undecided (any more). */
async function standpoint(tx: Tx, { outbox }: Term, { table, key }: Place): Promise<Standpoint | null> {
  await outbox.readTail(tx)
  const record = outbox.of(table, key)
  const [state] = await outbox.readStates(tx, [{ table, key }])
  if (state) outbox.noteState(state)
  if (!record || !state?.incoming || !outbox.isUndecided(record)) return null
  const refs = record.entries.map(({ ref }) => ref)
  const changes = await outbox.changes(refs, tx)
  const base = state.base !== undefined ? state.base : (changes[0]?.before ?? null)
  const remote = state.incoming.row
  const versions: Versions = { base, local: applyChanges(base, changes), remote }
  return { refs, changes, remote, versions, rounds: state.rounds }
}

/** `told` null: it was asked about too often, so a person decides. False where the record has changed meanwhile. */
async function commit(term: Term, place: Place, seen: Standpoint, told: Told | null): Promise<boolean> {
  const { storage, epoch } = term
  const rules = term.tables.get(place.table)!
  let committed: (() => void) | undefined
  await storage.write([...tables, place.table], async (tx) => {
    committed = undefined
    await checkEpoch(tx, epoch)
    const now = await standpoint(tx, term, place)
    if (!now || (told && !rests(now, seen))) return
    const made = bringTogether(now.versions, now.changes, rules, told ?? undefined)
    const resolution = made.asks ? parked(now.versions, rules) : made
    const batch = new Batch()
    const contested = { ...place, ...now.versions, refs: now.refs, remote: now.remote, rounds: now.rounds }
    committed = await writeResolution(tx, batch, term, contested, renewed(resolution, now))
    await batch.flush(tx)
  })
  committed?.()
  return committed !== undefined
}

/** The server remembers its refusal under the old key: what stays waiting needs a new one. */
function renewed(resolution: Resolution, { rounds }: Standpoint): Resolution {
  return rounds !== undefined && resolution.waiting === 'keep'
    ? { ...resolution, waiting: 'replace' }
    : resolution
}

function rests(now: Standpoint, seen: Standpoint): boolean {
  return (
    sameValue(now.refs, seen.refs) &&
    sameValue(now.versions.base, seen.versions.base) &&
    sameValue(now.remote, seen.remote)
  )
}
