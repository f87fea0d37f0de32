import type { History, UserWrite } from '../history'
import { type LocalOrder, localOrder } from './local-order'

/** Rows that one transaction of the app wrote, and that are not in one commit: for a moment somebody saw a part. */
export function splitWrites(history: History, device: string, reach: () => void): string[] {
  const order = localOrder(history, device)
  const actions = new Map<string, { readonly rows: number; readonly commits: ReadonlySet<number> }>()
  for (const write of history.writes.values()) {
    if (write.device !== device || write.state !== 'acknowledged') continue
    const places = placesOf(write, order)
    if (places.length === 0) continue
    const action = write.id.split('.')[0]!
    const { rows, commits } = actions.get(action) ?? { rows: 0, commits: new Set(places) }
    const common = places.filter((place) => commits.has(place))
    actions.set(action, { rows: rows + 1, commits: new Set(common) })
  }
  return [...actions].flatMap(([action, { rows, commits }]) => {
    if (rows > 1) reach()
    return commits.size > 0 ? [] : [`${device}: no transaction holds all ${rows} rows of ${action}`]
  })
}

/** The commits that hold a write: the first with its values, or any that deletes its row. */
function placesOf({ id, kind, table, birth }: UserWrite, { writes, deletions }: LocalOrder): number[] {
  if (kind !== 'delete') return [writes.get(id) ?? []].flat()
  return deletions.filter((one) => one.table === table && one.birth === birth).map(({ at }) => at)
}
