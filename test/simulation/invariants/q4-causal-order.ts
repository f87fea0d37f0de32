import type { Row } from '../../../src/model/change'
import type { Commit, Effect } from '../history'
import { keyText } from '../storage'
import type { Evidence, Invariant } from './invariant'
import { type LocalOrder, localOrder } from './local-order'
import { writesIn } from './values'

/** What a device does to a record arrives in the order in which it was done there. */
export const causalOrder: Invariant = {
  name: 'Q4 effects of a device on a record keep their order',
  judge: backwards,
}

function backwards({ history, stores }: Evidence, reach: () => void): string[] {
  const broken: string[] = []
  for (const device of stores.devices.keys()) {
    const order = localOrder(history, device)
    const reached = new Map<string, number>()
    for (const effect of history.effects) {
      if (effect.device !== device) continue
      const at = placeOf(effect, order, history.commits)
      if (at === undefined) continue
      const record = `${effect.table} ${keyText(effect.key)}`
      const last = reached.get(record) ?? -1
      if (last >= 0) reach()
      if (at < last) {
        broken.push(
          `${effect.method} ${record} of ${device} at step ${effect.step} undoes what came after it`,
        )
      }
      reached.set(record, Math.max(at, last))
    }
  }
  return broken
}

/**
 * The newest of the device's own writes an effect brings; undefined where it brings none. What was there before, as most
 * of a whole row is, it does not bring.
 */
function placeOf(effect: Effect, { writes, deletions }: LocalOrder, commits: readonly Commit[]) {
  const { method, before, table, step } = effect
  const isThis = (one: LocalOrder['deletions'][number]) =>
    one.table === table && one.birth === before?.birth && commits[one.at]!.step <= step
  const places =
    method === 'DELETE'
      ? deletions.filter(isThis).map(({ at }) => at)
      : writesIn(withoutRestored(effect, commits), before).flatMap((id) => writes.get(id) ?? [])
  return places.length > 0 ? Math.max(...places) : undefined
}

/**
 * What was sent, without the fields a conflict on record has given back the value they had before others changed them, or
 * deleted the record: where the device's whole row won, or the app said so. Nothing that waited brings these. Nor without those it has
 * decided for where the record was here under two keys: what was written under the one met what had arrived of the other.
 */
function withoutRestored(effect: Effect, commits: readonly Commit[]): Row {
  const { sent, device, table, step } = effect
  const own = commits.filter((commit) => commit.device === device && commit.step < step)
  const twice = wasHereTwice(effect, own)
  const settled = own
    .flatMap(({ changes }) => changes)
    .filter(({ store, after }) => store === '_sync_conflicts' && after?.table === table)
    .map(({ after }) => after as { readonly base?: Row; readonly local?: Row; readonly remote?: Row | null })
  const isRestored = (field: string) =>
    settled.some(
      ({ base, local, remote }) =>
        remote !== undefined &&
        remote?.[field] !== sent[field] &&
        ((twice && remote) || base?.[field] === sent[field]) &&
        local?.[field] === sent[field],
    )
  return Object.fromEntries(Object.entries(sent).filter(([field]) => !isRestored(field)))
}

/** A page had brought the row under its key before the create that made it was answered. */
function wasHereTwice({ table, key }: Effect, own: readonly Commit[]): boolean {
  const isKey = (one: unknown) => keyText(one) === keyText(key)
  const named = own.findIndex(({ changes }) =>
    changes.some(
      ({ store, after }) => store === '_sync_aliases' && after?.table === table && isKey(after.key),
    ),
  )
  return own
    .slice(0, Math.max(named, 0))
    .some(({ changes }) => changes.some((one) => one.store === table && isKey(one.key) && one.after))
}
