import { differingFields } from '../merge/difference'
import type { Row } from '../model/change'
import type { Fence } from '../model/entry'
import { sameValue } from '../model/equal'
import type { Conflict } from '../model/held'
import type { RecordState } from '../model/record-state'
import { isOutdated, type StoredSchema } from '../model/schema'
import type { Tx } from '../storage/transaction'
import { checkEpoch } from './leader-check'
import type { Ledger } from './ledger'
import { migrateRow } from './migrate'
import { isSeal, type Seal } from './seal'
import { readSchema } from './stored-schema'
import { TermOver } from './term-over'

/** How often what is kept is migrated anew because a call in some tab changed it meanwhile. */
const tries = 3

const tables = ['_sync_records', '_sync_fences', '_sync_conflicts', '_sync_meta', '_sync_leader']

type Parts = Pick<Ledger, 'storage' | 'schema' | 'tables' | 'env'>

/** Rows that are kept beside the log. */
interface Kept {
  readonly schema: StoredSchema | undefined
  readonly states: readonly RecordState[]
  readonly fences: readonly Fence[]
  readonly conflicts: readonly Conflict[]
  readonly seals: readonly Seal[]
}

/** A row of a table in the shape of the running code; undefined where the app's code fails. */
type Remake = (table: string, row: Row) => Row | undefined

/**
 * Brings what is kept beside the log (bases, arrived rows, conflicts, and what requests on their way stand for) to the
 * shape of the running code, all at once, and writes down that it is so. Requests themselves are not touched (I3).
 * False: this code is older than what is kept, and must not lead.
 */
export async function migrateKept(parts: Parts, epoch: number): Promise<boolean> {
  const { storage, schema } = parts
  const version = schema.version()
  for (let tried = 0; tried < tries; tried += 1) {
    const seen = await storage.read(tables, readKept)
    if (seen.schema && isOutdated(schema, seen.schema)) return false
    if (seen.schema && seen.schema.version >= version) return true
    // Outside of the transaction: it is the app's code (I13).
    const made = remakeKept(seen, remaker(parts, seen.schema?.version ?? version))
    const written = await storage.write(tables, async (tx) => {
      await checkEpoch(tx, epoch)
      if (!sameValue(await readKept(tx), seen)) return false
      await writeKept(tx, made)
      await tx.put('_sync_meta', [{ ...seen.schema, name: 'schema', version } satisfies StoredSchema])
      return true
    })
    if (written) return true
  }
  throw new TermOver() // it does not stand still: a new term tries again
}

async function readKept(tx: Tx): Promise<Kept> {
  return {
    schema: await readSchema(tx),
    states: await tx.scan<RecordState>('_sync_records'),
    fences: await tx.scan<Fence>('_sync_fences'),
    conflicts: await tx.scan<Conflict>('_sync_conflicts'),
    seals: (await tx.scan<{ name: string }>('_sync_meta')).filter(isSeal),
  }
}

async function writeKept(tx: Tx, { states, fences, conflicts, seals }: Kept): Promise<void> {
  await tx.put('_sync_records', states)
  await tx.put('_sync_fences', fences)
  await tx.put('_sync_conflicts', conflicts)
  await tx.put('_sync_meta', seals)
}

function remaker({ schema: { migrate, version }, tables, env }: Parts, from: number): Remake {
  const to = version()
  if (!migrate || from >= to) return (_, row) => row
  return (table, row) => {
    try {
      return migrateRow(row, { table, from, to, migrate, keyPath: tables.get(table)?.keyPath ?? null })
    } catch (error) {
      env.report(error)
      return undefined
    }
  }
}

function remakeKept(kept: Kept, remake: Remake): Kept {
  return {
    ...kept,
    states: kept.states.map((state) => remakeState(state, remake)),
    fences: kept.fences.map((fence) => remakeFence(fence, remake)),
    conflicts: kept.conflicts.map((conflict) => remakeConflict(conflict, remake)),
    seals: kept.seals.map((seal) => ({
      ...seal,
      states: seal.states.map((state) => remakeState(state, remake)),
      fences: seal.fences.map((fence) => remakeFence(fence, remake)),
      conflicts: seal.conflicts.map((conflict) => remakeConflict(conflict, remake)),
    })),
  }
}

/** A base that cannot be migrated is left out: the oldest waiting change knows an earlier one. */
function remakeState({ base, incoming, ...state }: RecordState, remake: Remake): RecordState {
  const known = base ? remake(state.table, base) : base
  const row = incoming?.row && (remake(state.table, incoming.row) ?? incoming.row)
  return {
    ...state,
    ...(known !== undefined && { base: known }),
    ...(incoming && { incoming: { ...incoming, row: row ?? null } }),
  }
}

/** What the request stands for; its bytes and its key stay. */
function remakeFence(fence: Fence, remake: Remake): Fence {
  const made = (table: string, row: Row | null) => row && (remake(table, row) ?? row)
  const items = fence.items.map((item) => ({
    ...item,
    row: made(item.table, item.row),
    base: made(item.table, item.base),
  }))
  return { ...fence, items }
}

function remakeConflict(conflict: Conflict, remake: Remake): Conflict {
  const { table, base, local, remote } = conflict
  const made = (row: Row) => remake(table, row) ?? row
  const rows = {
    ...(base && { base: made(base) }),
    ...(local && { local: made(local) }),
    ...(remote && { remote: made(remote) }),
  }
  return { ...conflict, ...rows, fields: fieldsNow(conflict, rows) }
}

/** The fields in dispute by their names now: those that are still there, and new ones in which the sides differ. */
function fieldsNow(
  { fields, base, local, remote }: Conflict,
  rows: Pick<Conflict, 'base' | 'local' | 'remote'>,
) {
  const [before, now] = [namesIn([base, local, remote]), namesIn([rows.base, rows.local, rows.remote])]
  const differing = rows.local && rows.remote ? differingFields(rows.local, rows.remote) : []
  const stay = fields.filter((field) => now.has(field) || !before.has(field))
  return [...stay, ...differing.filter((field) => !before.has(field))]
}

function namesIn(rows: readonly (Row | null | undefined)[]): Set<string> {
  return new Set(rows.flatMap((row) => Object.keys(row ?? {})))
}
