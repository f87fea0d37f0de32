import type { Invariant } from './invariant'

/** `check()` finds nothing, whenever the app asks; and when all is quiet it answers on every device. */
export const nothingAmiss: Invariant = {
  name: 'Q16 check finds nothing',
  judge({ history, stores }, reach) {
    const answered = new Set<string>()
    const broken = history.checks.flatMap(({ device, tab, askedAt, atRest, found }) => {
      if (!found) return []
      reach()
      if (atRest) answered.add(device)
      return found.map((one) => `${tab} asked at step ${askedAt}${atRest ? ', all quiet' : ''}: ${one}`)
    })
    const silent = [...stores.devices.keys()].filter((device) => !answered.has(device))
    return [...broken, ...silent.map((device) => `${device} did not answer when all was quiet`)]
  },
}
