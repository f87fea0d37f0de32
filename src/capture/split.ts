import type { Change } from '../model/change'
import { weightOf } from './weight'

const mostChanges = 200
const mostBytes = 256 * 1024

/** The changes of one call in pieces of at most 200 changes or about 256 kB, in order (decision 2). */
export function split(changes: readonly Change[]): Change[][] {
  const pieces: Change[][] = []
  let weight = 0
  for (const change of changes) {
    const own = changes.length === 1 ? 0 : weightOf(change)
    const last = pieces.at(-1)
    if (last && last.length < mostChanges && weight + own <= mostBytes) {
      last.push(change)
      weight += own
    } else {
      pieces.push([change])
      weight = own
    }
  }
  return pieces
}
