import type { Alias } from '../../../src/model/alias'
import type { Fence, Mark, Progress } from '../../../src/model/entry'
import type { Commit, History } from '../history'
import { keyText } from '../storage'

/**
 * A change leaves the outbox with the effect of its answer (I4): where a request goes and its changes with it, the
 * state of their record is written in the same transaction.
 */
export function settledApart({ commits }: History, device: string, reach: () => void): string[] {
  return commits.flatMap((commit) => {
    if (commit.device !== device || commit.changes.some(({ store }) => store === '_sync_meta')) return []
    const ended = commit.changes.flatMap(({ store, before, after }) =>
      store === '_sync_fences' && before && !after ? (before as unknown as Fence).items : [],
    )
    if (ended.length === 0) return []
    const done = doneIn(commit)
    const states = statesIn(commit)
    return ended.flatMap(({ table, key, entries }) => {
      if (!entries.every((ref) => done.has(String(ref)))) return []
      reach()
      return states.has(`${table} ${keyText(key)}`)
        ? []
        : [`${commit.tab} at step ${commit.step}: ${table} ${keyText(key)} was settled without its state`]
    })
  })
}

/** Changes that are done from this transaction on. */
function doneIn({ changes }: Commit): Set<string> {
  const done = new Set<string>()
  for (const { store, key, before, after } of changes) {
    if (store === '_sync_log' && before && !after)
      for (const index of (before.changes as readonly unknown[]).keys()) done.add(`${String(key)},${index}`)
    if (store !== '_sync_progress') continue
    const marks: Readonly<Record<string, Mark>> = (after as Progress | undefined)?.marks ?? {}
    for (const [index, mark] of Object.entries(marks))
      if (mark === 'done') done.add(`${String(key)},${index}`)
  }
  return done
}

/** Records whose state is written or taken away, by the key they had before as well. */
function statesIn({ changes }: Commit): Set<string> {
  const states = new Set<string>()
  for (const { store, before, after } of changes) {
    const state = after ?? before!
    if (store === '_sync_records') states.add(`${String(state.table)} ${keyText(state.key)}`)
  }
  for (const { store, after } of changes) {
    if (store !== '_sync_aliases' || !after) continue
    const { table, temporary, key } = after as unknown as Alias
    if (states.has(`${table} ${keyText(key)}`)) states.add(`${table} ${keyText(temporary)}`)
  }
  return states
}
