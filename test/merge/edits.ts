import type { MergeRules } from '../../src/merge/versions'
import type { Change, Row } from '../../src/model/change'
import { conflictRules } from '../../src/model/conflict-options'
import type { ConflictOptions } from '../../src/model/conflict-rules'

/** The rules of a table with these options. */
export function rulesOf(options: ConflictOptions, serverFields: readonly string[] = []): MergeRules {
  return { keyPath: 'id', serverFields, conflicts: conflictRules(options) }
}

/** Every row of two fields that one side may hold: kept as it was, changed, removed, or the whole row gone. */
export function sidesOf(value: number): (Row | null)[] {
  const fields = [1, value, undefined]
  const rows = fields.flatMap((a) =>
    fields.map((b): Row => ({ id: 'k', ...(a !== undefined && { a }), ...(b !== undefined && { b }) })),
  )
  return [...rows, null]
}

export const base: Row = { id: 'k', a: 1, b: 1 }

/** The changes that lead from base to what this side holds now, as an app would have made them. */
export function changesTo(from: Row | null | undefined, to: Row | null): Change[] {
  if (!from) return to ? [{ kind: 'create', key: 'k', row: to }] : []
  if (!to) return [{ kind: 'delete', key: 'k', before: from }]
  const set = Object.fromEntries(Object.entries(to).filter(([name, value]) => from[name] !== value))
  const unset = Object.keys(from).filter((name) => !(name in to))
  return [{ kind: 'update', key: 'k', before: from, set, unset }]
}

export function show(row: Row | null | undefined): string {
  if (row === undefined) return 'unknown'
  return row ? `a=${String(row.a ?? '-')} b=${String(row.b ?? '-')}` : 'gone'
}
