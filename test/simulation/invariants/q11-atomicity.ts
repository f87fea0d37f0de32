import type { Commit } from '../history'
import { keyText } from '../storage'
import { type Invariant, isAppStore } from './invariant'
import { captures, isByApp } from './local-order'

/** A row of the app and its entry commit together: neither is ever alone. */
export const atomicity: Invariant = {
  name: 'Q11 a row and its entry commit together',
  judge({ history }, reach) {
    return history.commits.filter(isByApp).flatMap((commit) => {
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
  },
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
