import type { Mark, Progress } from '../../../src/model/entry'
import type { Seal } from '../../../src/outbox/seal'
import type { History, StoreChange } from '../history'

/**
 * A change that is held for a person and what it is held by are there together or not at all: a mark names a letter or
 * a conflict that is there once its transaction has committed, and a letter that comes marks all its changes.
 */
export function heldApart({ commits }: History, device: string, reach: () => void): string[] {
  const holders = new Set<string>()
  const marks = new Map<string, Mark>()
  return commits.flatMap((commit) => {
    if (commit.device !== device) return []
    const made = commit.changes.filter((change) => take(change, holders, marks))
    const where = `${commit.tab} at step ${commit.step}`
    return made.flatMap((change) => {
      reach()
      if (change.store === '_sync_letters')
        return unmarked(change, marks).map((ref) => `${where}: a letter of ${ref} without its mark`)
      return orphans(change, holders).map((by) => `${where}: a mark of ${by}, which is not there`)
    })
  })
}

/** Takes a change in; true for letters and marks that were written. */
function take(change: StoreChange, holders: Set<string>, marks: Map<string, Mark>): boolean {
  const { store, key, before, after } = change
  if (store === '_sync_letters' || store === '_sync_conflicts') {
    if (after) holders.add(String(key))
    else holders.delete(String(key))
    return store === '_sync_letters' && after !== undefined
  }
  // What somebody keeps who has signed out is held until they are back.
  if (store === '_sync_meta') for (const { id } of sealedIn(after)) holders.add(id)
  if (store !== '_sync_progress') return false
  for (const [index] of marksOf(before)) marks.delete(`${String(key)},${index}`)
  for (const [index, mark] of marksOf(after)) marks.set(`${String(key)},${index}`, mark)
  return after !== undefined
}

function unmarked({ key, after }: StoreChange, marks: ReadonlyMap<string, Mark>): string[] {
  const entries = after!.entries as readonly (readonly [number, number])[]
  return entries.map(String).filter((ref) => {
    const mark = marks.get(ref)
    return typeof mark !== 'object' || mark.by !== key
  })
}

function orphans({ after }: StoreChange, holders: ReadonlySet<string>): string[] {
  return marksOf(after).flatMap(([, mark]) =>
    typeof mark === 'object' && !holders.has(mark.by) ? [`${mark.held} ${mark.by}`] : [],
  )
}

function sealedIn(after: StoreChange['after']): readonly { readonly id: string }[] {
  const { letters = [], conflicts = [] } = (after ?? {}) as Partial<Seal>
  return [...letters, ...conflicts]
}

function marksOf(row: StoreChange['after']): [string, Mark][] {
  return Object.entries((row as Progress | undefined)?.marks ?? {})
}
