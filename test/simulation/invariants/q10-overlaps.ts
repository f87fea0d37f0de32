import type { History, SentRequest } from '../history'

/** Requests for a record that left while another of the device had no answer yet, a change of leader apart. */
export function overlaps({ requests, tabs }: History, reach: () => void): string[] {
  const broken: string[] = []
  const twoLead = tabs.filter(({ what }) => what === 'second-leader' || what === 'lock-stolen')
  const mayOverlap = ({ device, sentAt }: SentRequest) =>
    twoLead.some((moment) => moment.device === device && moment.step <= sentAt)
  const byRecord = new Map<string, SentRequest[]>()
  for (const request of requests) {
    if (request.method === 'GET') continue
    // A create of what somebody typed on a row of another login has no birth: only its key tells it from others.
    const birth = request.birth ?? (request.method === 'POST' ? request.idempotencyKey : undefined)
    const record = `${request.device} ${request.path} ${birth ?? ''}`
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
