import type { History, SentRequest } from '../history'

/** Requests for a record that left while another of the device had no answer yet, a change of leader apart. */
export function overlaps({ requests, effects, tabs }: History, reach: () => void): string[] {
  const broken: string[] = []
  // A server that knows no Idempotency-Key may have made two records of one: whose create it is, its op id tells.
  const isTwice = ({ birth, sentAt }: SentRequest) => {
    const made = effects.filter(
      (one) => one.method === 'POST' && one.row.birth === birth && one.step < sentAt,
    )
    return new Set(made.map(({ key }) => key)).size > 1
  }
  const twoLead = tabs.filter(({ what }) => what === 'second-leader' || what === 'lock-stolen')
  const mayOverlap = ({ device, sentAt }: SentRequest) =>
    twoLead.some((moment) => moment.device === device && moment.step <= sentAt)
  const byRecord = new Map<string, SentRequest[]>()
  for (const request of requests) {
    if (request.method === 'GET') continue
    // A create of what somebody typed on a row of another login has no birth: only its key tells it from others.
    const op = request.method === 'POST' ? request.idempotencyKey : undefined
    const birth = request.birth !== undefined && !isTwice(request) ? request.birth : op
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
