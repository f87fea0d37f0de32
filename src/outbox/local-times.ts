import type { LocalTimes, Versions } from '../merge/versions'
import type { Change, LogRecord, StampedChange } from '../model/change'
import type { Stamp } from '../model/stamp'

/** A change with the times its record of the log tells. */
export function stamped(
  { at, stamp = { time: at, count: 0, node: '' }, stamps }: LogRecord,
  change: Change,
): StampedChange {
  return { ...change, stamp, ...(stamps && { stamps }) }
}

/** The three rows, and when the waiting changes on top of the base were made. */
export function withTimes(versions: Versions, waiting: readonly StampedChange[]): Versions {
  const times = localTimes(waiting)
  return times ? { ...versions, localTimes: times } : versions
}

/** When a record was last changed, and each of its fields, by its waiting changes, oldest first. */
export function localTimes(waiting: readonly StampedChange[]): LocalTimes | undefined {
  let row: Stamp | undefined
  const fields: Record<string, Stamp> = {}
  for (const change of waiting) {
    if (!change.stamp) continue
    row = change.stamp
    for (const field of fieldsOf(change)) fields[field] = change.stamps?.[field] ?? change.stamp
  }
  return row && { row, fields }
}

function fieldsOf({ row, set, unset = [] }: StampedChange): string[] {
  return [...Object.keys(row ?? set ?? {}), ...unset]
}
