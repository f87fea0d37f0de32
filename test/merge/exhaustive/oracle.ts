/**
 * What must come of a conflict, read from the specification of conflicts and from nothing else: this file imports
 * nothing, so that it cannot be wrong in the way the library is.
 */

export type Row = { readonly [field: string]: unknown }

export type Policy = 'server-wins' | 'client-wins' | 'lww' | 'merge' | 'custom' | 'park'
export type OnDelete = 'edit-wins' | 'delete-wins' | 'server-wins' | 'client-wins' | 'park'
export type FieldRule = 'client' | 'server' | 'counter' | 'set-union' | 'lww'
export type Ruling = Row | null | 'local' | 'remote' | 'park'

export interface Case {
  /** undefined = nobody knows it. */
  readonly base: Row | null | undefined
  readonly local: Row | null
  readonly remote: Row | null
  readonly policy: Policy
  readonly granularity: 'field' | 'row'
  readonly onDelete?: OnDelete
  readonly fields?: { readonly [field: string]: FieldRule }
  /** Whether the local change is the later one; undefined = nobody knows. */
  readonly localIsLater?: boolean | undefined
  /** The same for single fields, where they were changed at other times than the row. */
  readonly fieldIsLater?: { readonly [field: string]: boolean }
  /** What the app said, where it was asked and had something to say. */
  readonly ruling?: Ruling
}

export interface Verdict {
  /** `agreed`: nobody disagrees, nothing is recorded. */
  readonly kind: 'agreed' | 'decided' | 'parked'
  /** The local row from now on; null = none. */
  readonly row: Row | null
  /** Something is left to tell the server. */
  readonly sends: boolean
}

/** Fields of the server; the oracle's rows have one, to see that it is left out. */
export const serverField = 'rev'

export function expected(one: Case): Verdict {
  const { base, local, remote } = one
  // 1. What was done came to nothing, or to what the server has.
  if (base !== undefined && alike(base, local)) return agreed(remote, remote)
  if (alike(local, remote) && !countsTwice(one)) return agreed(remote, remote)
  // 2. The server's row has not moved.
  if (base !== undefined && alike(base, remote)) return agreed(withServerField(local, remote), remote)
  // 3. Different fields of one row.
  if (base && local && remote && contested(one).length === 0)
    return agreed(withServerField(threeWay(base, local, remote), remote), remote)
  // 7. The app has the first word.
  if (one.ruling !== undefined) return ruled(one, one.ruling)
  // 4. An edit against a deletion.
  if (!local || !remote) return taken(one, sideOfDeletion(one))
  // 5. Nothing in common.
  if (!base) return taken(one, one.policy === 'merge' ? 'park' : sideOf(one))
  // 6. Fields both changed.
  if (one.policy === 'custom' || one.policy === 'park') return taken(one, 'park')
  if (one.granularity === 'row') return taken(one, one.policy === 'merge' ? 'local' : sideOf(one))
  return fieldByField(one, (field) => valueFor(field, one))
}

function ruled(one: Case, ruling: Ruling): Verdict {
  const { base, local, remote, granularity } = one
  if (ruling === 'park') return taken(one, 'park')
  if (ruling === 'local' || ruling === 'remote') {
    if (!base || !local || !remote || granularity === 'row') return taken(one, ruling)
    return fieldByField(one, (field) => (ruling === 'local' ? local[field] : remote[field]))
  }
  const key = (local ?? remote)?.id
  return decided(ruling && withServerField({ ...ruling, id: key }, remote), remote)
}

function sideOf({ policy, localIsLater }: Case): 'local' | 'remote' | 'park' {
  if (policy === 'server-wins') return 'remote'
  if (policy === 'client-wins' || policy === 'merge') return 'local'
  if (policy === 'lww') return localIsLater ? 'local' : 'remote'
  return 'park'
}

function sideOfDeletion(one: Case): 'local' | 'remote' | 'park' {
  const edited = one.local ? 'local' : 'remote'
  const deleted = one.local ? 'remote' : 'local'
  switch (one.onDelete) {
    case 'edit-wins':
      return edited
    case 'delete-wins':
      return deleted
    case 'server-wins':
      return 'remote'
    case 'client-wins':
      return 'local'
    case 'park':
      return 'park'
  }
  if (one.policy === 'merge') return edited
  if (one.policy === 'lww' && one.localIsLater === undefined) return edited
  return sideOf(one)
}

function taken(one: Case, side: 'local' | 'remote' | 'park'): Verdict {
  if (side === 'park') return { kind: 'parked', row: one.local, sends: false }
  return decided(side === 'local' ? withServerField(whole(one), one.remote) : one.remote, one.remote)
}

/** Where nobody knows what was before, what the row here lacks was removed by nobody. */
function whole({ base, local, remote, granularity }: Case): Row | null {
  return !base && local && remote && granularity === 'field' ? { ...remote, ...local } : local
}

function fieldByField(one: Case, value: (field: string) => unknown): Verdict {
  const row: { [field: string]: unknown } = { ...threeWay(one.base!, one.local!, one.remote!) }
  for (const field of contested(one)) {
    const made = value(field)
    if (made === undefined) delete row[field]
    else row[field] = made
  }
  return decided(withServerField(row, one.remote), one.remote)
}

function valueFor(field: string, one: Case): unknown {
  const [was, mine, theirs] = [one.base?.[field], one.local?.[field], one.remote?.[field]]
  const localIsLater = one.fieldIsLater?.[field] ?? one.localIsLater
  const byPolicy = sideOf({ ...one, localIsLater }) === 'local' ? mine : theirs
  switch (one.fields?.[field]) {
    case 'client':
      return mine
    case 'server':
      return theirs
    case 'lww':
      return localIsLater ? mine : theirs
    case 'counter':
      if (typeof mine !== 'number' || typeof theirs !== 'number') return byPolicy
      if (was !== undefined && typeof was !== 'number') return byPolicy
      return mine + theirs - ((was as number | undefined) ?? 0)
    case 'set-union': {
      if (!Array.isArray(mine) || !Array.isArray(theirs)) return byPolicy
      if (was !== undefined && !Array.isArray(was)) return byPolicy
      const before: readonly unknown[] = was ?? []
      const kept = theirs.filter((item) => mine.includes(item) || !before.includes(item))
      return [...kept, ...mine.filter((item) => !theirs.includes(item) && !before.includes(item))]
    }
    case undefined:
      return byPolicy
  }
}

/** The fields both changed to different values; with rows decided as a whole, whatever they differ in. */
function contested(one: Case): string[] {
  const { base, local, remote, granularity } = one
  const touched = (side: Row) => namesOf(base!, side).filter((field) => !same(base![field], side[field]))
  const mine = touched(local!)
  const theirs = touched(remote!)
  if (granularity === 'row')
    return mine.length > 0 && theirs.length > 0
      ? namesOf(local!, remote!).filter((field) => !same(local![field], remote![field]))
      : []
  const both = mine.filter((field) => theirs.includes(field))
  return both.filter((field) => isCounted(one, field) || !same(local![field], remote![field]))
}

/** Two who counted to one number have counted twice. */
function isCounted({ fields, local, policy, granularity }: Case, field: string): boolean {
  if (policy === 'custom' || policy === 'park' || granularity === 'row') return false
  return fields?.[field] === 'counter' && typeof local?.[field] === 'number'
}

function countsTwice(one: Case): boolean {
  return Boolean(one.base && one.local && one.remote) && contested(one).length > 0
}

function threeWay(base: Row, local: Row, remote: Row): Row {
  const row: { [field: string]: unknown } = { ...remote }
  for (const field of namesOf(base, local)) {
    if (same(base[field], local[field])) continue
    if (local[field] === undefined) delete row[field]
    else row[field] = local[field]
  }
  return row
}

function withServerField(row: Row | null, remote: Row | null): Row | null {
  if (!row || !remote) return row
  const { [serverField]: _, ...rest } = row
  return serverField in remote ? { ...rest, [serverField]: remote[serverField] } : rest
}

function agreed(row: Row | null, remote: Row | null): Verdict {
  return { kind: 'agreed', row, sends: !alike(row, remote) }
}

function decided(row: Row | null, remote: Row | null): Verdict {
  return { kind: 'decided', row, sends: !alike(row, remote) }
}

function alike(a: Row | null, b: Row | null): boolean {
  if (a === null || b === null) return a === b
  return namesOf(a, b).every((field) => same(a[field], b[field]))
}

function namesOf(a: Row, b: Row): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((field) => field !== serverField)
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
