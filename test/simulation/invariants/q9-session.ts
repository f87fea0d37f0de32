import type { Commit, StoreChange } from '../history'
import { type Evidence, type Invariant, isAppStore } from './invariant'
import { isByApp } from './local-order'
import { isByStranger, isExcused, isHeldOverDeletion, isMeeting, isUntold, ownerBy } from './q9-excuses'
import { type Sighting, Sightings } from './q9-sightings'
import { toldGone } from './q9-told-gone'
import { splitWrites } from './q9-whole'
import { type ServerVersions, serverVersions, versionOf } from './server-versions'
import { writeOf } from './values'

/**
 * What a device has shown of a record it shows on, after every transaction: its own writes, until the server has had
 * them and something newer, or a conflict, a letter or a sign-out in that transaction says otherwise; no version of the
 * server older than one it has shown; no row that was deleted, but a newer one. And what one transaction of the app
 * wrote is never seen in part.
 */
export const sessions: Invariant = {
  name: 'Q9 what was seen stays seen',
  judge(evidence, reach) {
    const versions = serverVersions(evidence.history.effects)
    return [...evidence.stores.devices.keys()].flatMap((device) => [
      ...regressions(evidence, device, versions, reach),
      ...splitWrites(evidence.history, device, reach),
    ])
  },
}

const excuses = [isExcused, isMeeting, isHeldOverDeletion]

function regressions(
  evidence: Evidence,
  device: string,
  versions: ServerVersions,
  reach: () => void,
): string[] {
  const { history, serverWeather } = evidence
  const broken: string[] = []
  let owner = ''
  const sightings = new Sightings(history, device)
  const isToldGone = toldGone(evidence, device)
  const lostScopes = new Set<string>()
  for (const commit of history.commits) {
    if (commit.device !== device) continue
    const rows = commit.changes.filter(({ store }) => isAppStore(store))
    const isAnew = isOfPullAnew(commit, lostScopes)
    const newOwner = ownerBy(commit)
    if (isByApp(commit)) {
      if (!isByStranger(commit, owner)) for (const change of rows) sightings.written(commit, change)
    } else if (newOwner !== undefined) {
      // Somebody else's rows may stand there from now on.
      owner = newOwner
      sightings.forget()
    } else {
      sightings.moved(commit)
      for (const change of rows) {
        const seen = sightings.of(change)
        if (seen) reach()
        const isOwed = serverWeather.lag === 0 || (seen && isToldGone(commit, change, seen))
        const known = isOwed ? undefined : (versionOf(change.before) ?? -1)
        const isFree = excuses.some((holds) => holds(commit, change)) || isUntold(commit, change, evidence)
        if (seen && known !== -1 && !isAnew && !isFree)
          for (const what of lost(commit, change, seen, versions, known))
            broken.push(`${commit.tab} at step ${commit.step}: ${change.store} ${String(change.key)} ${what}`)
        sightings.shown(commit, change, versions)
      }
    }
  }
  return broken
}

/**
 * A page of a pull from the start: the server may have been set back, or somebody has removed the checkpoint (`lostScopes`
 * keeps which), and nothing tells how new the rows are that are here.
 */
function isOfPullAnew({ changes }: Commit, lostScopes: Set<string>): boolean {
  const moved = changes.filter(({ store }) => store === '_sync_checkpoints')
  for (const { key, after } of moved) if (!after) lostScopes.add(String(key))
  const isAnew = moved.some(({ key, after }) => after?.sweep === true || lostScopes.has(String(key)))
  for (const { key, after } of moved) if (after?.complete === true) lostScopes.delete(String(key))
  return isAnew
}

/**
 * `known`: where replicas lag, the version the device knows of the row. They may show once more what was before a write
 * whose answer told no version, before a deletion, or before a row was made again: no stored row tells better (decision 043).
 */
function lost(
  commit: Commit,
  change: StoreChange,
  seen: Sighting,
  versions: ServerVersions,
  known = Number.POSITIVE_INFINITY,
): string[] {
  const { store, key, after } = change
  const version = after
    ? (versionOf(after) ?? -1)
    : (versions.deletion(store, key, commit.step)?.version ?? -1)
  const isLate = !after && known !== Number.POSITIVE_INFINITY
  const writes = [...seen.writes].flatMap(([field, write]) => {
    if (after && writeOf(after[field]) === write) return []
    const arrival = versions.value(store, field, write)
    if (arrival && (known < arrival.version || (isLate && version >= 0))) return []
    const isOld = !arrival || arrival.step > commit.step || version < arrival.version
    return isOld ? [`lost ${write} in ${field}`] : []
  })
  const went = after && seen.version !== undefined && version >= 0 && version < seen.version
  const deletion = after && seen.deleted && versions.deletion(store, key, commit.step)
  const wasGone = after && seen.deleted && (!deletion || version < deletion.version)
  return [
    ...writes,
    ...(went ? [`went back from ${seen.version} to ${version}`] : []),
    ...(wasGone ? ['came back though it was deleted here'] : []),
  ]
}
