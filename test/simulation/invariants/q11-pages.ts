import type { Checkpoint } from '../../../src/model/checkpoint'
import type { PullState } from '../../../src/protocol/rest/pull-state'
import type { StoreChange } from '../history'
import { type Evidence, isAppStore } from './invariant'
import { versionOf } from './server-versions'

/**
 * A checkpoint commits with the last row of its page (I5): where it moves to the time of a row, no transaction of a page
 * has brought that row before. Where pages are applied in slices, deletions come last: one since its last move may have.
 */
export function checkpointsApart(
  { history: { commits }, sliced }: Evidence,
  device: string,
  reach: () => void,
): string[] {
  const brought = new Map<string, number>()
  const moved = new Map<string, number>()
  return commits.flatMap(({ device: there, tab, step, stores, changes }) => {
    if (there !== device || !stores.includes('_sync_checkpoints')) return []
    // A sign-out, or a new beginning: what was brought may come once more.
    if (changes.some(beginsAnew)) brought.clear()
    const broken = changes.filter(isMove).flatMap((change) => {
      const { scope } = change.after as unknown as Checkpoint
      reach()
      const before = brought.get(`${scope} ${reachedBy(change.after)}`)
      const isOfPage = sliced && before !== undefined && before > (moved.get(scope) ?? -1)
      moved.set(scope, step)
      return before === undefined || isOfPage
        ? []
        : [`${tab} at step ${step}: the checkpoint of ${scope} came after its row, of step ${before}`]
    })
    for (const { store, after } of changes) {
      const version = isAppStore(store) ? versionOf(after) : undefined
      const name = `${store} ${version}`
      if (version !== undefined && !brought.has(name)) brought.set(name, step)
    }
    return broken
  })
}

function beginsAnew({ store, before, after }: StoreChange): boolean {
  return store === '_sync_checkpoints' && after?.generation !== before?.generation
}

function isMove({ store, before, after }: StoreChange): boolean {
  if (store !== '_sync_checkpoints' || !after) return false
  const to = reachedBy(after)
  return to !== undefined && to !== reachedBy(before)
}

/** The time of the last row, ms. */
function reachedBy(checkpoint: StoreChange['after']): number | undefined {
  const state = checkpoint?.value as PullState | undefined
  return versionOf({ updated_at: state?.keyset?.last.at })
}
