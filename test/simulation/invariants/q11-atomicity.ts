import type { Commit, History } from '../history'
import { keyText } from '../storage'
import { type Invariant, isAppStore } from './invariant'
import { captures, isByApp } from './local-order'
import { heldApart } from './q11-held'
import { checkpointsApart } from './q11-pages'
import { settledApart } from './q11-settled'
import { calledWithin } from './q11-user-code'

/**
 * What belongs together commits together: a row of the app and its entry, a change that is held and what holds it, the
 * end of a request and its effect, a checkpoint and the last row of its page. And no code of the app runs in between.
 */
export const atomicity: Invariant = {
  name: 'Q11 what belongs together commits together',
  judge(evidence, reach) {
    const { history, stores } = evidence
    const apart = [...stores.devices.keys()].flatMap((device) => [
      ...heldApart(history, device, reach),
      ...settledApart(history, device, reach),
      ...checkpointsApart(evidence, device, reach),
    ])
    return [...rowsApart(history, reach), ...apart, ...calledWithin(history, reach)]
  },
}

/** Rows the app has changed without an entry, and entries without a change: neither is ever alone. */
function rowsApart({ commits }: History, reach: () => void): string[] {
  return commits.filter(isByApp).flatMap((commit) => {
    reach()
    const entries = enteredRecords(commit)
    const rows = commit.changes
      .filter(({ store }) => isAppStore(store))
      .map(({ store, key }) => `${store} ${keyText(key)}`)
    const where = `${commit.tab} at step ${commit.step}`
    return [
      ...rows.filter((row) => !entries.has(row)).map((row) => `${where}: ${row} changed without an entry`),
      ...[...entries]
        .filter(([row, unseen]) => !unseen && !rows.includes(row))
        .map(([row]) => `${where}: an entry for ${row} without a change of it`),
    ]
  })
}

/** The records that entries added here speak of; true where they were created and deleted again: nothing is seen. */
function enteredRecords(commit: Commit): Map<string, boolean> {
  const kinds = new Map<string, string[]>()
  for (const { table, change } of captures(commit)) {
    const record = `${table} ${keyText(change.key)}`
    kinds.set(record, [...(kinds.get(record) ?? []), change.kind])
  }
  return new Map(
    [...kinds].map(([record, made]) => [record, made[0] === 'create' && made.at(-1) === 'delete']),
  )
}
