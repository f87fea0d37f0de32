import type { Key, Row } from '../../../src/model/change'
import type { Commit, StoreChange } from '../history'
import { keyText } from '../storage'
import type { Evidence } from './invariant'

/**
 * True where the same transaction says why a row is not what it was: a conflict about it was decided or parked, or a
 * dead letter of it was sent again or given up.
 */
export function isExcused({ changes }: Commit, { store, key, before, after }: StoreChange): boolean {
  const birth = (before ?? after)?.birth
  return changes.some((change) => {
    const { store: where } = change
    if (where !== '_sync_conflicts' && (where !== '_sync_letters' || change.after)) return false
    const one = (change.after ?? change.before)!
    if (one.table !== store) return false
    // Without a key: a mass deletion, which is about many rows.
    if (one.key === undefined || keyText(one.key) === keyText(key)) return true
    return [one.local, one.remote, one.base].some((row) => (row as Row | undefined | null)?.birth === birth)
  })
}

/**
 * True where a row that was made here got its key and meets what pages have brought under it, a row or its deletion:
 * both were written to, and what came of the other one is kept to be brought together with this one next.
 */
export function isMeeting({ changes }: Commit, { store, key, after }: StoreChange): boolean {
  const isHere = isAbout(store, key)
  const named = changes.some((one) => one.store === '_sync_aliases' && isHere(one.after))
  const kept = changes.some(
    (one) => one.store === '_sync_records' && isHere(one.after) && one.after?.incoming,
  )
  return after !== undefined && named && kept
}

/** True where the server has deleted a row under changes that are held: they show it as they knew it. */
export function isHeldOverDeletion({ changes }: Commit, { store, key, after }: StoreChange): boolean {
  const isHere = isAbout(store, key)
  return (
    after !== undefined &&
    changes.some((one) => one.store === '_sync_records' && isHere(one.after) && one.after?.base === null)
  )
}

function isAbout(store: string, key: Key): (row: Row | undefined) => boolean {
  return (row) => row?.table === store && keyText(row.key as Key) === keyText(key)
}

/** True for a page of a replica that lags, over a row of which nothing tells how old it is (decision 043). */
export function isUntold(
  { changes }: Commit,
  { store }: StoreChange,
  { serverWeather, unordered }: Evidence,
): boolean {
  const isPage = changes.some((one) => one.store === '_sync_checkpoints')
  return serverWeather.lag > 0 && unordered.has(store) && isPage
}

/** Whose data a device holds, as its commits tell; '' = nobody's yet. */
export function ownerBy({ changes }: Commit): string | undefined {
  const change = changes.find(({ store, key }) => store === '_sync_meta' && key === 'identity')
  return change && String(change.after?.identity ?? '')
}

/**
 * True where somebody wrote to data of somebody else. What comes of the requests of whose data it is may show their rows
 * as they are again; what was written is kept for its own login (I11).
 */
export function isByStranger({ changes }: Commit, owner: string): boolean {
  const log = changes.find(({ store, after }) => store === '_sync_log' && after)
  const by = String(log?.after?.identity ?? '')
  return owner !== '' && by !== '' && by !== owner
}
