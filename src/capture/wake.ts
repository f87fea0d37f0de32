import { type DBCoreTransaction, mergeRanges, type ObservabilitySet } from 'dexie'

/**
 * Lets the app's live queries know what a refused call has written all the same: Dexie tells them only of calls that
 * succeed, and whether they look again by chance hangs on how long the transaction lives.
 */
export function wake(trans: DBCoreTransaction, { mutatedParts }: { mutatedParts?: ObservabilitySet }): void {
  const observed = trans as DBCoreTransaction & { mutatedParts?: ObservabilitySet }
  const all: ObservabilitySet = observed.mutatedParts ?? {}
  for (const [part, ranges] of Object.entries(mutatedParts ?? {})) {
    const known = all[part]
    if (known) mergeRanges(known, ranges)
    else all[part] = ranges
  }
  observed.mutatedParts = all
}
