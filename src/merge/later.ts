import type { Row } from '../model/change'
import type { ConflictRules } from '../model/conflict-rules'
import { parseIso } from '../model/iso-time'
import { compareStamps, type Stamp } from '../model/stamp'

/** Numbers below this are no ms since 1970 but counters or seconds: nothing that may be compared with our clock. */
const leastTime = 100_000_000_000

/**
 * When the server last changed a row, ms; undefined where its rules do not tell. A `clock` that is a function is the
 * app's: it is called elsewhere, outside transactions (I13).
 */
export function remoteTime(row: Row | null, clock: ConflictRules['clock']): number | undefined {
  if (!row || clock === undefined || typeof clock === 'function') return undefined
  const fields = typeof clock === 'string' ? [clock] : clock
  for (const field of fields) {
    const time = timeOf(row[field])
    if (time !== undefined) return time
  }
  return undefined
}

/** A time as ms: from ms, a Date, or ISO text, which without a zone is UTC. */
export function timeOf(value: unknown): number | undefined {
  if (value instanceof Date) return timeOf(value.getTime())
  if (typeof value === 'string') return /^\d+$/.test(value) ? timeOf(Number(value)) : parseIso(value)?.at
  return typeof value === 'number' && Number.isFinite(value) && value >= leastTime ? value : undefined
}

/** Later than every tab, so that of two of one time the server's is the later one, on every device. */
const server = '~'

/** True where the local change is the later one, undefined where nobody knows. */
export function isLater(local: Stamp | undefined, remote: number | undefined): boolean | undefined {
  if (!local || remote === undefined) return undefined
  return compareStamps(local, { time: remote, count: 0, node: server }) > 0
}
