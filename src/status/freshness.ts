/** When each table was last pulled to its end, by name; wall clock, ms. A table that never was is not in it. */
export type PulledAt = Readonly<Record<string, number>>

/** After how long what was pulled counts as old, ms. `Infinity` = never. */
export interface Lifetimes {
  readonly ttl: number
  /** Of tables that differ. */
  readonly tables: Readonly<Record<string, number>>
}

/** A table whose rows are old; without an age it has never been pulled to its end. */
export interface StaleTable {
  readonly table: string
  readonly age?: number
}

export function ttlOf(table: string, { ttl, tables }: Lifetimes): number {
  return Object.hasOwn(tables, table) ? tables[table]! : ttl
}

/** The shortest of all lifetimes; `Infinity` where nothing can become stale. */
export function shortestTtl({ ttl, tables }: Lifetimes): number {
  return Math.min(ttl, ...Object.values(tables))
}

/** Which of the tables are stale now. */
export function staleAmong(
  names: readonly string[],
  lifetimes: Lifetimes,
  pulledAt: PulledAt,
  now: number,
): StaleTable[] {
  return names.flatMap((table) => {
    const ttl = ttlOf(table, lifetimes)
    if (ttl === Number.POSITIVE_INFINITY) return []
    const age = ageOf(pulledAt[table], now)
    if (age === undefined) return [{ table }]
    return age >= ttl ? [{ table, age }] : []
  })
}

/** ms until the next of the tables that are fresh now becomes stale; undefined = none will. */
export function nextStaleIn(
  names: readonly string[],
  lifetimes: Lifetimes,
  pulledAt: PulledAt,
  now: number,
): number | undefined {
  const left = names
    .map((table) => ttlOf(table, lifetimes) - (ageOf(pulledAt[table], now) ?? Number.POSITIVE_INFINITY))
    .filter((ms) => ms > 0 && ms < Number.POSITIVE_INFINITY)
  return left.length > 0 ? Math.min(...left) : undefined
}

/** Of two memories the later times. One that lies ahead of the clock says nothing, and gives way. */
export function latest(a: PulledAt, b: PulledAt, now: number): PulledAt {
  const merged: Record<string, number> = { ...a }
  for (const [table, at] of Object.entries(b)) {
    const known = ageOf(merged[table], now)
    const age = ageOf(at, now)
    if (age !== undefined && (known === undefined || age < known)) merged[table] = at
  }
  return merged
}

/** Undefined where it was never pulled, or by a clock that has been set back since: how long ago is not known then. */
function ageOf(at: number | undefined, now: number): number | undefined {
  return at === undefined || at > now ? undefined : now - at
}
