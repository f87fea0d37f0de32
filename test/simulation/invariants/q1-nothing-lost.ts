import type { Row } from '../../../src/model/change'
import type { History, StoredRecord, UserWrite } from '../history'
import { outboxView } from '../outbox-view'
import { keyText } from '../storage'
import type { Evidence, Invariant } from './invariant'
import { isByApp, type LocalOrder, localOrder } from './local-order'
import { isTakenBack } from './q1-taken-back'
import { writeOf, writesIn } from './values'

/**
 * No acknowledged write is lost: each of its fields reached the server, was written over by a later write of the same
 * device, was settled by a conflict that is on record, or is held for a person.
 */
export const nothingLost: Invariant = {
  name: 'Q1 no acknowledged write is lost',
  judge(evidence, reach) {
    const orders = new Map<string, LocalOrder>()
    const lost: string[] = []
    for (const write of evidence.history.writes.values()) {
      // What was evicted before it was sent is lost, and nobody can help it.
      if (write.state !== 'acknowledged' || evidence.history.evicted.includes(write.device)) continue
      reach()
      const order = orders.get(write.device) ?? localOrder(evidence.history, write.device)
      orders.set(write.device, order)
      const fields =
        write.kind === 'delete'
          ? isDeletionLost(write, evidence, order)
            ? ['the deletion']
            : []
          : lostFields(write, evidence, order)
      if (fields.length > 0 && !isGivenUp(write, evidence) && !isOnRecord(write, evidence)) {
        lost.push(
          `${write.kind} ${write.id} of ${write.table} on ${write.tab} is nowhere: ${fields.join(', ')}`,
        )
      }
    }
    return lost
  },
}

function lostFields(write: UserWrite, { history }: Evidence, order: LocalOrder): string[] {
  // A vote: no value tells whose it is.
  if (write.fields.length === 0) return []
  const at = order.writes.get(write.id)
  if (at === undefined) return ['it was acknowledged but no transaction with it has committed']
  const reached = history.effects.filter(({ device }) => device === write.device)
  if (order.deletions.some((deletion) => deletion.birth === write.birth && deletion.at >= at)) return []
  return write.fields.filter((field) => {
    if (reached.some(({ sent }) => writeOf(sent[field]) === write.id)) return false
    return ![...history.writes.values()].some(
      (later) =>
        later.device === write.device &&
        later.birth === write.birth &&
        later.fields.includes(field) &&
        (order.writes.get(later.id) ?? -1) >= at &&
        later.id !== write.id,
    )
  })
}

/** A deletion is lost where the row is alive at the server and nobody has touched it since. */
function isDeletionLost(write: UserWrite, { history, stores }: Evidence, order: LocalOrder): boolean {
  // What somebody else made here and has not sent is theirs: it is not for others to delete.
  const maker = history.writes.get(write.birth)
  if (maker?.device === write.device && maker.user !== write.user) return false
  // Another write may have deleted the row first: then there was nothing left to do.
  if (!order.deletions.some(({ birth }) => birth === write.birth)) return false
  const alive = stores.server.get(write.table)?.some((row) => row.birth === write.birth && !row.deleted_at)
  if (!alive || isEditedUnderItsOtherKey(write, history, order)) return false
  // It was deleted there, by whichever device: then somebody's edit, which beats a deletion, has made it again.
  if (history.effects.some(({ method, before }) => method === 'DELETE' && before?.birth === write.birth))
    return false
  return !isTakenBack(write, history)
}

/**
 * True where a page had brought the row under the key the server made, before the answer to its create came, and it was
 * edited there after it was deleted under its temporary one: what was done last stands.
 */
function isEditedUnderItsOtherKey(
  { device, table, birth }: UserWrite,
  { commits }: History,
  { deletions }: LocalOrder,
): boolean {
  const gone = deletions.filter((one) => one.table === table && one.birth === birth)
  return commits.some(
    (commit, at) =>
      commit.device === device &&
      isByApp(commit) &&
      commit.changes.some(
        ({ store, key, before, after }) =>
          store === table &&
          before?.birth === birth &&
          after !== undefined &&
          gone.every((one) => at > one.at && keyText(one.key) !== keyText(key)),
      ),
  )
}

/** A person has discarded a dead letter of the record since, or was signed out with everything that waited. */
function isGivenUp({ device, table, birth, step, user }: UserWrite, { history }: Evidence): boolean {
  return (
    history.givenUp.some(
      (one) => one.device === device && one.table === table && one.birth === birth && one.step >= step,
    ) ||
    history.signedOut.some(
      (one) => one.device === device && one.step >= step && (!one.user || !user || one.user === user),
    )
  )
}

/** A dead letter, a parked conflict or a decided one tells of the record, or the record waits for such a one. */
function isOnRecord(write: UserWrite, { stores, history }: Evidence): boolean {
  const device = stores.devices.get(write.device) ?? new Map<string, readonly StoredRecord[]>()
  const view = outboxView(device)
  // Decided ones go with their owner, who may have been signed out since.
  const decided = history.commits.flatMap((commit) =>
    commit.device === write.device
      ? commit.changes.flatMap(({ store, after }) =>
          store === '_sync_conflicts' && (after?.state === 'decided' || isInDoubt(after)) ? [after] : [],
        )
      : [],
  )
  const standing = (device.get('_sync_conflicts') ?? []).map(({ value }) => value)
  const told = [...standing, ...decided].some((value) =>
    [value.local, value.remote, value.base].some(
      (row) =>
        typeof row === 'object' &&
        row !== null &&
        ((row as Record<string, unknown>).birth === write.birth || writesIn(row as never).includes(write.id)),
    ),
  )
  if (told) return true
  // An edit of a row of somebody else becomes a row of its own where it is sent again.
  if (view.waiting.some(({ held, change }) => held && writesIn(change.row ?? change.set).includes(write.id)))
    return true
  const keys = history.commits
    .filter((commit) => commit.device === write.device)
    .flatMap(({ changes }) => changes)
    // A row made of an edit alone has no birth.
    .filter(
      ({ store, before, after }) => store === write.table && String((after ?? before)?.birth) === write.birth,
    )
    .map(({ key }) => key)
  return keys.some((key) => view.held(write.table, key))
}

/** Nobody can say any more whether it was made: a deletion that waits for it may find no row to delete. */
function isInDoubt(conflict: Row | undefined): conflict is Row {
  return conflict?.code === 'unknown-outcome'
}
