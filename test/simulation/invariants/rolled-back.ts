import type { Invariant } from './invariant'
import { localOrder } from './local-order'

/** Of a write the app was told is not there, as its storage failed, nothing ever was there. */
export const rolledBack: Invariant = {
  name: 'Q11 nothing is left of what was rolled back',
  judge({ history, stores }, reach) {
    return [...stores.devices.keys()].flatMap((device) => {
      const { writes } = localOrder(history, device)
      return [...history.writes.values()]
        .filter((write) => write.device === device && write.state === 'rolled-back')
        .flatMap(({ id, tab }) => {
          reach()
          return writes.has(id) ? [`${tab} was told that ${id} is not there, and it is`] : []
        })
    })
  },
}
