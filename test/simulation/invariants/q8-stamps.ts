import type { Stamp } from '../../../src/model/stamp'
import type { SentRequest, StoreChange } from '../history'
import { epoch } from '../tab-environment'
import type { Evidence } from './invariant'
import { isByApp } from './local-order'

/** ms the `Date` of answers is exact to. */
const exactness = 1_000

/** ms a clock may stay ahead that was ahead before it was set right. */
const longestDrift = 5 * 60_000

/** ms a transaction may take: its records are stamped when it begins. */
const slack = 500

/**
 * Stamps of the app's writes that are not the time of the server, though the tab has heard it since the clock of its
 * device was last set: they may be off by half again as much as an answer can be wrong, and a clock that was ahead, or
 * was set ahead, may stay so by some minutes, for it does not go back. So may one that went by a slow answer, until its time has come.
 */
export function wrongStamps(
  { history, serverWeather }: Evidence,
  device: string,
  reach: () => void,
): string[] {
  const { skew, jumps } = serverWeather
  const clocks = history.clocks.filter((one) => one.device === device)
  const heard = hearings(history.requests.filter((one) => one.device === device))
  return history.commits.flatMap((commit) => {
    if (commit.device !== device || !isByApp(commit)) return []
    const before = clocks.filter(({ step }) => step < commit.step)
    const set = before.at(-1)?.step ?? 0
    const told =
      heard.get(commit.tab)?.filter(({ from, time }) => from > set && time < commit.at - slack) ?? []
    if (told.length === 0) return []
    const best = told.reduce((one, other) => (other.trip < one.trip ? other : one))
    const off = mostWrong(best) + jumps + slack
    const isAhead = before.some((clock, i) => clock.skew > Math.min(skew, before[i - 1]?.skew ?? skew))
    const earlier = [...heard.values()].flat().filter(({ time }) => time < commit.at)
    const rest = Math.max(...earlier.map(mostWrong)) - (commit.at - best.time)
    const drift = isAhead ? longestDrift : Math.min(longestDrift, Math.max(0, rest))
    return commit.changes.flatMap((change) => {
      const stamp = stampOf(change)
      if (!stamp) return []
      reach()
      const ahead = stamp.time - (epoch + commit.at + skew)
      if (ahead >= -off && ahead <= off + drift) return []
      return [`${commit.tab} at step ${commit.step}: a write was stamped ${Math.round(ahead)} ms ahead`]
    })
  })
}

/** ms by which a clock that goes by this answer may be wrong. */
function mostWrong({ trip }: Hearing): number {
  return 1.5 * (exactness + trip)
}

function stampOf({ store, before, after }: StoreChange): Stamp | undefined {
  return store === '_sync_log' && !before ? (after?.stamp as Stamp | undefined) : undefined
}

/** An answer that told the time of the server, when it came, and how many ms it took. */
interface Hearing {
  readonly from: number
  readonly time: number
  readonly trip: number
}

function hearings(requests: readonly SentRequest[]): Map<string, Hearing[]> {
  const byTab = new Map<string, Hearing[]>()
  for (const { tab, sentAt, sentTime, endedAt, endedTime, tellsTime } of requests) {
    if (endedAt === undefined || endedTime === undefined || !tellsTime) continue
    const trip = endedTime - sentTime
    const others = byTab.get(tab)
    if (others) others.push({ from: sentAt, time: endedTime, trip })
    else byTab.set(tab, [{ from: sentAt, time: endedTime, trip }])
  }
  return byTab
}
