import type { History } from '../history'
import { outboxView } from '../outbox-view'
import { keyText } from '../storage'
import type { Invariant } from './invariant'
import { isLive, wireText } from './values'

/** When all is quiet every device and the server hold the same rows, those apart that are held for a person. */
export const convergence: Invariant = {
  name: 'Q2 every device holds the rows of the server',
  judge({ stores, history, traceless }, reach) {
    const differences: string[] = []
    for (const [device, local] of stores.devices) {
      const view = outboxView(local)
      for (const [table, rows] of stores.server) {
        const remote = new Map(rows.filter(isLive).map((row) => [keyText(row.id), row]))
        const here = new Map((local.get(table) ?? []).map(({ key, value }) => [keyText(key), value]))
        for (const key of new Set([...remote.keys(), ...here.keys()])) {
          if (view.held(table, JSON.parse(key))) continue
          reach()
          const [theirs, ours] = [remote.get(key), here.get(key)]
          if (theirs && ours && wireText(theirs) === wireText(ours)) continue
          if (traceless && !theirs && wasDeletedByOthers(history, device, table, key)) continue
          differences.push(
            `${device} ${table} ${key}: server ${theirs ? wireText(theirs) : 'none'}, device ${ours ? wireText(ours) : 'none'}`,
          )
        }
      }
    }
    return differences
  },
}

/** Nobody tells the device of it, unless it asks for everything anew; what it deleted itself is gone there too. */
function wasDeletedByOthers({ effects }: History, device: string, table: string, key: string): boolean {
  const last = effects.filter((effect) => effect.table === table && keyText(effect.key) === key).at(-1)
  return last?.method === 'DELETE' && last.device !== device
}
