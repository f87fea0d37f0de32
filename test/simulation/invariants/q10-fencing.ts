import type { SentRequest } from '../history'
import type { Evidence, Invariant } from './invariant'

/**
 * One request at a time for a record of a device, a change of leader apart, and no page committed by a tab that leads
 * no longer.
 */
export const fencing: Invariant = {
  name: 'Q10 one request per record, and no page of a leader of old',
  judge(evidence, reach) {
    return [...overlaps(evidence, reach), ...stalePages(evidence)]
  },
}

function overlaps({ history }: Evidence, reach: () => void): string[] {
  const broken: string[] = []
  const twoLead = history.tabs.filter(({ what }) => what === 'second-leader' || what === 'lock-stolen')
  const mayOverlap = ({ device, sentAt }: SentRequest) =>
    twoLead.some((moment) => moment.device === device && moment.step <= sentAt)
  const writes = history.requests.filter(({ method }) => method !== 'GET')
  const byRecord = new Map<string, SentRequest[]>()
  for (const request of writes) {
    const record = `${request.device} ${request.path} ${request.birth ?? ''}`
    const others = byRecord.get(record) ?? []
    if (others.length > 0) reach()
    const open = others.find(
      ({ tab, endedAt }) =>
        (endedAt ?? Number.POSITIVE_INFINITY) > request.sentAt &&
        (tab === request.tab || !mayOverlap(request)),
    )
    if (open) broken.push(`${record}: a second request at once from ${request.tab} at step ${request.sentAt}`)
    byRecord.set(record, [...others, request])
  }
  return broken
}

/** The epoch of a tab is the one it last wrote itself. */
function stalePages({ history, stores }: Evidence): string[] {
  const broken: string[] = []
  for (const device of stores.devices.keys()) {
    let current = 0
    const epochs = new Map<string, number>()
    for (const { device: there, tab, changes, step } of history.commits) {
      if (there !== device) continue
      for (const { store, before, after } of changes) {
        if (store !== '_sync_leader' || !after || after.epoch === before?.epoch) continue
        current = Number(after.epoch)
        epochs.set(tab, current)
      }
      if (changes.some(({ store }) => store === '_sync_checkpoints') && epochs.get(tab) !== current) {
        broken.push(
          `${tab} committed a page at step ${step}, but the epoch is ${current}, not ${epochs.get(tab)}`,
        )
      }
    }
  }
  return broken
}
