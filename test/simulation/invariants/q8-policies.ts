import type { Row } from '../../../src/model/change'
import type { Conflict } from '../../../src/model/held'
import type { Stamp } from '../../../src/model/stamp'
import { type Case, expected, serverField, type Verdict } from '../../merge/exhaustive/oracle'
import type { Commit, RulingMoment, StoreChange } from '../history'
import { keyText } from '../storage'
import { type Evidence, type Invariant, isAppStore } from './invariant'
import { LogMirror, type Times } from './local-times'
import { wrongStamps } from './q8-stamps'
import { versionOf } from './server-versions'

/** How often a server may say "conflict" to one record before a person is asked. */
const maxRounds = 5

/**
 * Every conflict is settled as its policy says: what is stored is what an oracle that shares nothing with the library
 * makes of base, local and remote row as recorded, of the times in the log, and of what the app ruled. And the times in
 * the log are true, so that `lww` keeps what was written last: the clock of a device may be wrong, once an answer has
 * told it the time of the server its stamps are not.
 */
export const policies: Invariant = {
  name: 'Q8 conflicts are settled as the policy says',
  judge(evidence, reach) {
    const rulings = rulingsByRows(evidence.history.rulings)
    return [...evidence.stores.devices.keys()].flatMap((device) => [
      ...wronglySettled(evidence, device, rulings, reach),
      ...wrongStamps(evidence, device, reach),
    ])
  },
}

type Rulings = ReadonlyMap<string, readonly RulingMoment[]>

function wronglySettled(evidence: Evidence, device: string, rulings: Rulings, reach: () => void): string[] {
  const log = new LogMirror()
  const rows = new Map<string, Row>()
  return evidence.history.commits.flatMap((commit) => {
    if (commit.device !== device) return []
    for (const { store, key, after } of commit.changes) {
      if (!isAppStore(store)) continue
      if (after) rows.set(`${store} ${keyText(key)}`, after)
      else rows.delete(`${store} ${keyText(key)}`)
    }
    const broken = commit.changes.filter(isMet).flatMap(({ after }) => {
      const conflict = after as unknown as Conflict
      const { table, key } = conflict
      reach()
      const stored = rows.get(`${table} ${keyText(key)}`) ?? null
      const times = log.times(table, key!)
      const verdicts = casesOf(evidence, conflict, times, commit, rulings).map(expected)
      if (verdicts.some((verdict) => isKept(verdict, conflict, stored))) return []
      if (conflict.state === 'parked' && mayPark(evidence, conflict, commit, rulings)) return []
      return [`${commit.tab} at step ${commit.step}: ${describe(conflict, stored, verdicts)}`]
    })
    for (const change of commit.changes) log.take(change)
    return broken
  })
}

/** A conflict between two rows that a policy has just met. */
function isMet({ store, before, after }: StoreChange): boolean {
  return store === '_sync_conflicts' && !before && after?.code === 'conflict' && after.key !== undefined
}

/** What the oracle is asked, once for each thing that may have been so. */
function casesOf(
  { conflicts, asks }: Evidence,
  conflict: Conflict,
  times: Times,
  commit: Commit,
  rulings: Rulings,
): Case[] {
  const { table, base, local = null, remote = null } = conflict
  const { policy = 'merge', granularity = 'field', onDelete, fields } = conflicts[table] ?? {}
  const told = asks ? (rulings.get(rowsText({ table, base, local, remote })) ?? []) : [undefined]
  const known = versionOf(remote ?? undefined)
  const later = (stamp: Stamp | undefined) => isLater(stamp, known)
  // A dead letter that is given up takes its changes away first, and the others may be older.
  const lateness = commit.changes.some(({ store, after }) => store === '_sync_letters' && !after)
    ? [true, false]
    : [later(times.row)]
  return lateness.flatMap((localIsLater) =>
    told.map((moment) => ({
      base: base && seen(base),
      local: local && seen(local),
      remote: remote && seen(remote),
      policy,
      granularity,
      ...(onDelete && { onDelete }),
      ...(fields && { fields: fields as NonNullable<Case['fields']> }),
      localIsLater,
      fieldIsLater: Object.fromEntries(
        [...times.fields].flatMap(([field, stamp]) => {
          const isIt = later(stamp)
          return isIt === undefined ? [] : [[field, isIt]]
        }),
      ),
      ...(moment?.ruling !== undefined && { ruling: ruled(moment.ruling) }),
    })),
  )
}

/** The clock that tells it is the library's; whether it is right is judged by itself. */
function isLater(stamp: Stamp | undefined, remote: number | undefined): boolean | undefined {
  if (!stamp || remote === undefined) return undefined
  return stamp.time > remote || (stamp.time === remote && stamp.count > 0)
}

function isKept(verdict: Verdict, { state }: Conflict, stored: Row | null): boolean {
  if (verdict.kind !== state) return false
  return verdict.kind === 'parked' || textOf(verdict.row) === textOf(stored)
}

/** The app was asked too often, or the server has said "conflict" too often. */
function mayPark({ asks }: Evidence, conflict: Conflict, { changes }: Commit, rulings: Rulings): boolean {
  if (asks && !rulings.has(rowsText(conflict))) return true
  return changes.some(
    ({ store, after }) => store === '_sync_records' && Number(after?.rounds ?? 0) > maxRounds,
  )
}

function rulingsByRows(rulings: readonly RulingMoment[]): Rulings {
  const byRows = new Map<string, RulingMoment[]>()
  for (const moment of rulings) {
    const text = rowsText(moment)
    byRows.set(text, [...(byRows.get(text) ?? []), moment])
  }
  return byRows
}

interface Sides {
  readonly table: string
  readonly base?: Row | null | undefined
  readonly local?: Row | null
  readonly remote?: Row | null
}

function rowsText({ table, base, local = null, remote = null }: Sides): string {
  return JSON.stringify([
    table,
    base === undefined,
    ...[base, local, remote].map((row) => row && sorted(row)),
  ])
}

/** A row as the oracle knows rows: what the server writes has another name. */
function seen({ updated_at, version: _, ...row }: Row): Row {
  return { ...row, ...(updated_at !== undefined && { [serverField]: updated_at }) }
}

function ruled(ruling: NonNullable<Case['ruling']> | null): NonNullable<Case['ruling']> | null {
  return typeof ruling === 'object' && ruling !== null ? seen(ruling) : ruling
}

/** What counts of a row: its key may be a new one, and its version is judged elsewhere. */
function textOf(row: Row | null): string {
  if (!row) return 'none'
  const { id: _, updated_at: __, version: ___, [serverField]: ____, ...rest } = row
  return JSON.stringify(sorted(rest))
}

function sorted(row: Row): [string, unknown][] {
  return Object.entries(row)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

function describe({ table, key, state }: Conflict, stored: Row | null, verdicts: readonly Verdict[]): string {
  const wanted = verdicts.map(({ kind, row }) => `${kind} ${textOf(row)}`)
  return `${table} ${keyText(key)} was ${state} as ${textOf(stored)}, not ${wanted.join(' or ') || 'asked about'}`
}
