import type { SentRequest, StoreChange } from '../history'
import type { Evidence, Invariant } from './invariant'

/**
 * The server is not asked before the time it named, a change is not tried again at once, and what the server has refused is
 * not asked again; and there are no more requests than there is work. (That a run comes to rest at all, the run itself
 * says.)
 */
export const politeness: Invariant = {
  name: 'Q13 the server is asked no sooner and no more than it should be',
  judge(evidence, reach) {
    return [...askedTooSoon(evidence, reach), ...triedTooSoon(evidence, reach), ...tooMany(evidence)]
  },
}

/**
 * Within a tab: what one has heard the next learns from the database, where it was noted before the tab was gone. A pause is kept
 * in the time of the device, which alone outlives its tabs: a clock that is set forward shortens it, one set back may end it.
 * It is of the login it was said to, and goes with everything else of that when they sign out.
 */
function askedTooSoon({ history }: Evidence, reach: () => void): string[] {
  const broken: string[] = []
  for (const [tab, requests] of byTab(history.requests)) {
    const pauses = requests.filter(wasHeard).filter(({ askedFor }) => askedFor !== undefined)
    pauses.sort((a, b) => a.endedAt! - b.endedAt!)
    const last = new Map<string, SentRequest>()
    const cuts = cutsOf(history, requests[0]!.device)
    let until = 0
    let heard = 0
    let cut = 0
    for (const request of requests) {
      for (; heard < pauses.length && pauses[heard]!.endedAt! < request.sentAt; heard++) {
        reach()
        const { endedAt, endedTime, askedFor } = pauses[heard]!
        for (; cut < cuts.length && cuts[cut]!.step < endedAt!; cut++) until = shortened(until, cuts[cut]!.by)
        until = Math.max(until, endedTime! + askedFor!)
      }
      for (; cut < cuts.length && cuts[cut]!.step < request.sentAt; cut++)
        until = shortened(until, cuts[cut]!.by)
      const before = last.get(exchangeOf(request))
      last.set(exchangeOf(request), request)
      if (request.sentTime >= until || goesOn(request, before)) continue
      const early = Math.round(until - request.sentTime)
      broken.push(`${tab} at step ${request.sentAt}: ${nameOf(request)} ${early} ms before it may`)
    }
  }
  return broken
}

function shortened(until: number, by: number): number {
  return by < 0 ? 0 : until - by
}

/** What shortens pauses on a device: its clock is set by so many ms, or somebody is signed out, which ends them. */
function cutsOf(history: Evidence['history'], device: string): { step: number; by: number }[] {
  const clocks = history.clocks.filter((clock) => clock.device === device)
  const settings = clocks.slice(1).map(({ step, skew }, i) => ({ step, by: skew - clocks[i]!.skew }))
  const ends = history.commits
    .filter((commit) => commit.device === device && commit.changes.some(isEmptying))
    .map(({ step }) => ({ step, by: Number.NEGATIVE_INFINITY }))
  return [...settings, ...ends].sort((a, b) => a.step - b.step)
}

/** Another life of the sync tables begins: they were emptied. */
function isEmptying({ store, key, before }: StoreChange): boolean {
  return store === '_sync_meta' && key === 'instance' && before !== undefined
}

/** One exchange that had begun before: with another login, or the next try of its burst. */
function goesOn(request: SentRequest, before: SentRequest | undefined): boolean {
  if (!before || before.endedTime === undefined) return false
  return (
    before.ended === '401' ||
    (request.idempotencyKey !== undefined && request.sentTime - before.endedTime <= burst)
  )
}

function exchangeOf(request: SentRequest): string {
  return `${nameOf(request)} ${request.idempotencyKey ?? ''}`
}

/** The longest wait of a burst, ms. */
const burst = 2_000

/**
 * Waits are drawn by chance from nothing upwards, so two tries may follow closely: but not so many of them within so many
 * ms. Six in a tenth of a second are one in ten million by chance.
 */
const rush = { tries: 6, within: 100 }

/** Tries of one request carry one Idempotency-Key. */
function triedTooSoon({ history }: Evidence, reach: () => void): string[] {
  const broken: string[] = []
  const tries = new Map<string, SentRequest[]>()
  for (const request of history.requests) {
    if (request.idempotencyKey === undefined) continue
    const name = `${request.tab} ${request.idempotencyKey}`
    const all = tries.get(name) ?? []
    tries.set(name, all)
    const before = all.at(-1)
    all.push(request)
    if (!before || !wasHeard(before)) continue
    reach()
    const where = `${request.tab} at step ${request.sentAt}: ${nameOf(request)}`
    if (isRefusal(before) && !wasLost(before, request, history))
      broken.push(`${where} again, though it was refused with ${before.answered}`)
    const first = all.at(-rush.tries)
    if (first && request.sentTime - first.sentTime < rush.within)
      broken.push(`${where} ${rush.tries} times within ${Math.round(request.sentTime - first.sentTime)} ms`)
  }
  return broken
}

/** What was heard could not be kept: the transaction was rolled back for want of room, or its connection was lost. */
function wasLost(
  { endedAt }: SentRequest,
  { tab, sentAt }: SentRequest,
  { rollbacks }: Evidence['history'],
): boolean {
  return rollbacks.some((one) => one.tab === tab && one.step >= endedAt! && one.step <= sentAt)
}

/** What the server itself said, and the tab heard. */
function isRefusal({ answered, ended }: SentRequest): boolean {
  return answered !== undefined && String(answered) === ended && [400, 403, 422].includes(answered)
}

/**
 * Most requests for each thing to be done, and most lists for each that is due: about twice the worst of the seeds 1 to 30 (1.9 and 4.5).
 * Small pages, and rows that a checkpoint's overlap brings again, are many lists.
 */
const most = { requests: 4, lists: 10, beside: 40 }

function tooMany({ history, stores, polls }: Evidence): string[] {
  const { writes, effects, requests } = history
  const lists = requests.filter(({ method, ended }) => method === 'GET' && ended === '200').length
  const work = writes.size + lists
  const due = polls + effects.length * stores.devices.size
  return [
    ...(requests.length > most.requests * work + most.beside
      ? [`${requests.length} requests for ${writes.size} writes and ${lists} lists`]
      : []),
    ...(lists > most.lists * due + most.beside ? [`${lists} lists where ${Math.round(due)} were due`] : []),
  ]
}

/** Its answer, or that there is none, has come to the tab. */
function wasHeard({ ended }: SentRequest): boolean {
  return ended !== undefined && ended !== 'gone' && ended !== 'aborted'
}

function nameOf({ method, path }: SentRequest): string {
  return `${method} ${path}`
}

function byTab(requests: readonly SentRequest[]): Map<string, SentRequest[]> {
  const tabs = new Map<string, SentRequest[]>()
  for (const request of requests) {
    const known = tabs.get(request.tab)
    if (known) known.push(request)
    else tabs.set(request.tab, [request])
  }
  return tabs
}
