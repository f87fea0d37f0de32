import type { StoredLogRecord } from '../../../src/model/change'
import type { Commit } from '../history'
import { keyText } from '../storage'
import { type Invariant, isAppStore } from './invariant'
import { isByApp } from './local-order'
import { writesIn } from './values'

/** A row of the app and its entry commit together: neither is ever alone. */
export const atomicity: Invariant = {
  name: 'Q11 a row and its entry commit together',
  judge({ history }) {
    return history.commits.flatMap((commit) => {
      // Entries that stand for older ones (a retry, a compaction) change no row.
      const entries = enteredKeys(commit)
      const rows = new Set(
        commit.changes
          .filter(({ store }) => isAppStore(store))
          .map(({ store, key }) => `${store} ${keyText(key)}`),
      )
      const where = `${commit.tab} at step ${commit.step}`
      const alone = isByApp(commit) ? [...rows].filter((row) => !entries.has(row)) : []
      const rowless = [...entries].filter(([row, replaces]) => !rows.has(row) && !replaces)
      return [
        ...alone.map((row) => `${where}: ${row} changed without an entry`),
        ...rowless
          .filter(([row]) => isNews(commit, row))
          .map(([row]) => `${where}: an entry for ${row} without a change of it`),
      ]
    })
  },
}

/** The records that entries added here speak of, and whether those replace older entries. */
function enteredKeys({ changes }: Commit): Map<string, boolean> {
  const entries = new Map<string, boolean>()
  for (const { store, before, after } of changes) {
    if (store !== '_sync_log' || before || !after) continue
    const record = after as unknown as StoredLogRecord
    for (const { key } of record.changes) {
      entries.set(`${record.table} ${keyText(key)}`, 'replaces' in record)
    }
  }
  return entries
}

/** False where the entry and its undoing are in one transaction: created and deleted again, nothing to see. */
function isNews({ changes }: Commit, row: string): boolean {
  const kinds = changes.flatMap(({ store, after, before }) => {
    if (store !== '_sync_log' || before || !after) return []
    const record = after as unknown as StoredLogRecord
    return record.changes.filter(({ key }) => `${record.table} ${keyText(key)}` === row)
  })
  const last = kinds.at(-1)
  return (
    last !== undefined &&
    !(last.kind === 'delete' && kinds[0]?.kind === 'create') &&
    writesIn({ ...last.row, ...last.set }).length > 0
  )
}
