import type { GivenUp, PushPromise, UserWrite } from '../history'
import type { Evidence, Invariant } from './invariant'
import { localOrder } from './local-order'
import { writeOf } from './values'

/** What `whenPushed` calls accepted is at the server by then, and whoever waits is told in the end. */
export const keptWord: Invariant = {
  name: 'whenPushed keeps its word',
  judge(evidence, reach) {
    const { history } = evidence
    const gone = new Set(history.tabs.filter(({ what }) => what !== 'opened').map(({ tab }) => tab))
    return history.promises.flatMap((promise) => {
      const where = `${promise.tab} asked at step ${promise.askedAt} for ${promise.table} ${promise.birth}`
      if (promise.outcome === undefined)
        return gone.has(promise.tab) || waitsForOthers(promise, evidence)
          ? []
          : [`${where} and was never told`]
      if (promise.outcome !== 'accepted') return []
      reach()
      return missing(promise, evidence).map((field) => `${where}: accepted, but ${field} is not there`)
    })
  },
}

/** Somebody has changed the row whose data the device does not hold: it waits until they are back. */
function waitsForOthers({ device, birth }: PushPromise, { history, stores }: Evidence): boolean {
  const meta = stores.devices.get(device)?.get('_sync_meta') ?? []
  const owner = meta.find(({ value }) => value.name === 'identity')?.value.identity
  return [...history.writes.values()].some(
    (write) => write.device === device && write.birth === birth && write.user !== owner,
  )
}

/** Fields whose newest write of the device, at the time of asking, had not arrived when the promise resolved. */
function missing(
  { device, table, birth, askedAt, settledAt, twiceHere }: PushPromise,
  { history }: Evidence,
): string[] {
  // It speaks of the row under the key it was asked about; what waits may be known under the other one.
  if (twiceHere) return []
  const order = localOrder(history, device)
  if (order.deletions.some((deletion) => deletion.table === table && deletion.birth === birth)) return []
  const newest = new Map<string, { readonly id: string; readonly at: number }>()
  for (const write of history.writes.values()) {
    const at = order.writes.get(write.id)
    if (write.device !== device || write.birth !== birth || at === undefined) continue
    if (history.commits[at]!.step > askedAt || isGivenUp(write, askedAt, history)) continue
    for (const field of write.fields)
      if (at >= (newest.get(field)?.at ?? -1)) newest.set(field, { id: write.id, at })
  }
  // What somebody else has done to the row waits for them to come back, and nobody else waits for it.
  const makers = [...history.writes.values()].filter((one) => one.device === device && one.birth === birth)
  if (new Set(makers.map(({ user }) => user)).size > 1) return []
  // Made twice by a server that knows no Idempotency-Key, it is two rows, and values do not tell which.
  const made = history.effects.filter((one) => one.method === 'POST' && one.row.birth === birth)
  if (made.length > 1) return []
  const effects = history.effects.filter((one) => one.device === device && one.step <= settledAt!)
  return [...newest].flatMap(([field, { id }]) => {
    if (effects.some(({ sent }) => writeOf(sent[field]) === id)) return []
    // A later write of the same field went in its place, or a conflict on record took it.
    const later = effects.some(({ sent }) => {
      const other = writeOf(sent[field])
      return other !== undefined && (order.writes.get(other) ?? -1) > (order.writes.get(id) ?? -1)
    })
    return later || isOnRecord(id, device, history) ? [] : [field]
  })
}

/** It went with a dead letter that was discarded before, or with who was signed out: nothing of it waited any more. */
function isGivenUp(write: UserWrite, askedAt: number, { givenUp, signedOut }: Evidence['history']): boolean {
  const took = ({ device, step }: Pick<GivenUp, 'device' | 'step'>) =>
    device === write.device && step >= write.step && step <= askedAt
  return (
    givenUp.some((one) => took(one) && one.birth === write.birth) ||
    signedOut.some((one) => took(one) && (!one.user || !write.user || one.user === write.user))
  )
}

/** A conflict was written down about a row that held the write. */
function isOnRecord(id: string, device: string, { commits }: Evidence['history']): boolean {
  return commits.some(
    (commit) =>
      commit.device === device &&
      commit.changes.some(
        ({ store, after }) =>
          store === '_sync_conflicts' && JSON.stringify(after ?? null).includes(`"${id}"`),
      ),
  )
}
