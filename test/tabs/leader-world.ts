import type { Heartbeat, LeaderRow } from '../../src/tabs/leader'
import { createLeadership, type Leadership } from '../../src/tabs/leader'
import { type FakeTab, fakeDevice } from '../support/fake-environment'

/** The row all tabs share, as storage keeps it. */
export function fakeLeaderRow() {
  let row: Heartbeat | undefined
  let broken: Error | undefined
  const beats: [epoch: number, hidden: boolean][] = []
  const answer = async <T>(value: () => T): Promise<T> => {
    await Promise.resolve()
    if (broken) throw broken
    return value()
  }
  const port: LeaderRow = {
    read: () => answer(() => row),
    claim: (tab, now) =>
      answer(() => {
        row = { epoch: (row?.epoch ?? 0) + 1, tab, heartbeat: now, hidden: false }
        return row.epoch
      }),
    beat: (epoch, now, hidden) =>
      answer(() => {
        if (row?.epoch !== epoch) return false
        row = { ...row, heartbeat: now, hidden }
        beats.push([epoch, hidden])
        return true
      }),
  }
  return {
    port,
    beats,
    get: () => row,
    set: (next: Heartbeat | undefined) => {
      row = next
    },
    fail: (error: Error | undefined) => {
      broken = error
    },
  }
}

export interface Contender {
  readonly name: string
  readonly env: FakeTab
  readonly leadership: Leadership
  work: boolean
  /** What the work of a term does until its end; by default it ends with the term. */
  term: (lost: AbortSignal) => Promise<void>
}

/** Tabs a, b, c of one device that stand for leader, and a log of who led when. */
export function leaderWorld({ locks = true, seed = 1 } = {}) {
  const device = fakeDevice({ seed })
  const row = fakeLeaderRow()
  const log: string[] = []
  const seconds = () => Math.round(device.now() / 1_000) - Date.UTC(2030, 0, 1) / 1_000

  function open(name: string): Contender {
    const tab = device.tab()
    const env: FakeTab = locks ? tab : withoutLocks(tab)
    const contender: Contender = {
      name,
      env,
      work: false,
      term: (lost) =>
        new Promise((resolve) => lost.addEventListener('abort', () => resolve(), { once: true })),
      leadership: createLeadership({
        env,
        channel: env.channel('app'),
        row: row.port,
        tab: name,
        dbName: 'app',
        hasWork: () => contender.work,
        async lead(epoch, lost) {
          log.push(`${seconds()}s ${name} leads, epoch ${epoch}`)
          lost.addEventListener('abort', () => log.push(`${seconds()}s ${name} leads no more`))
          await contender.term(lost)
        },
        report: (error) => log.push(`${seconds()}s ${name} reports ${(error as Error).message}`),
      }),
    }
    contenders.push(contender)
    contender.leadership.start()
    return contender
  }

  const contenders: Contender[] = []
  const alive = () => contenders.filter(({ env }) => !env.gone)
  return {
    device,
    row,
    log,
    open,
    leaders: () =>
      alive()
        .filter(({ leadership }) => leadership.isLeader())
        .map(({ name }) => name),
    /** Stops all tabs; what they leave open is for the test to compare. */
    async stop() {
      await device.until(Promise.all(alive().map(({ leadership }) => leadership.stop())))
      return device.tabs.map((tab) => ({ ...tab.open(), channels: 0 }))
    },
  }
}

/** A browser without Web Locks: every tab gets every lock at once. */
function withoutLocks(tab: FakeTab): FakeTab {
  return { ...tab, lock: (_, __, task) => task(true, new AbortController().signal) }
}
