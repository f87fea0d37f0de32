import type { Commit, History, StoreChange } from '../history'
import { nobody } from '../storage'
import { isByApp } from './local-order'

/** Who leads a device, and who has stamped which request, as its transactions tell. */
interface Reign {
  epoch: number
  /** The epoch each tab last wrote itself. */
  readonly tabs: Map<string, number>
  readonly fences: Map<string, { readonly epoch: unknown; readonly tab: string }>
}

/** Transactions of sync by tabs that lead no longer, but those any tab may make or must finish. */
export function staleCommits({ commits }: History, device: string, reach: () => void): string[] {
  const reign: Reign = { epoch: 0, tabs: new Map(), fences: new Map() }
  return commits.flatMap((commit) => {
    if (commit.device !== device) return []
    note(reign, commit)
    if (isByApp(commit) || commit.tab === nobody) return []
    reach()
    if (reign.tabs.get(commit.tab) === reign.epoch || isForAnyTab(commit)) return []
    const settled = commit.changes.filter(({ store }) => store === '_sync_fences')
    if (settled.length > 0 && settled.every(({ key }) => reign.fences.get(String(key))?.tab === commit.tab))
      return []
    const what = [...new Set(commit.changes.map(({ store }) => store))].join(', ')
    return [`${commit.tab} leads no longer and wrote ${what} at step ${commit.step}, in epoch ${reign.epoch}`]
  })
}

function note(reign: Reign, { tab, changes }: Commit): void {
  const { tabs, fences } = reign
  for (const { store, key, before, after } of changes) {
    if (!after) continue
    if (store === '_sync_leader' && after.epoch !== before?.epoch) {
      reign.epoch = Number(after.epoch)
      tabs.set(tab, reign.epoch)
    }
    // What is put back as it was is still who sent it.
    if (store === '_sync_fences' && fences.get(String(key))?.epoch !== after.epoch)
      fences.set(String(key), { epoch: after.epoch, tab })
  }
}

/** A call on data, a sign-out, the time a tab has learned. */
function isForAnyTab({ changes }: Commit): boolean {
  return changes.some(
    ({ store, key, before, after }: StoreChange) =>
      (store === '_sync_meta' && key !== 'paused') ||
      (store === '_sync_letters' && !after) ||
      (store === '_sync_conflicts' && before !== undefined),
  )
}
