import type { Configured } from '../config'
import type { Cancel, Environment } from '../environment'
import type { SyncEvent, SyncEventName, SyncEvents } from '../model/event'
import { isCurrent } from '../outbox/leader-check'
import {
  latest,
  nextStaleIn,
  type PulledAt,
  type StaleTable,
  shortestTtl,
  staleAmong,
} from '../status/freshness'
import { callListener } from '../status/listener'
import type { Storage } from '../storage/transaction'

/** ms between two pulls because somebody asked about a table that stays stale: `isStale()` may be asked with every frame. */
const askAgain = 30_000

export interface FreshnessParts {
  readonly env: Environment
  readonly storage: Storage
  readonly configured: Configured
  /** The tables that are pulled. */
  readonly tables: readonly string[]
  readonly emit: <N extends SyncEventName>(name: N, data: SyncEvents[N]) => void
  /** Asks the leader, in another tab, to look after tables that are stale. */
  readonly askLeader: (tables: readonly string[]) => void
  readonly report: (error: unknown) => void
}

/** One row of `_sync_meta`. */
export interface StoredFreshness {
  readonly name: 'freshness'
  readonly pulledAt: PulledAt
}

/**
 * How old the rows of each table are. Every tab knows; the leader says when a table has become stale, has it pulled in
 * the background, and remembers over reloads. Where no `ttl` is set nothing is remembered, timed or written.
 */
export class Freshness {
  readonly #parts: FreshnessParts
  #pulledAt: PulledAt = {}
  #written: PulledAt = {}
  /** Tables of which every tab was told that they are stale. */
  readonly #told = new Set<string>()
  /** While this tab leads: pulls tables in the background. */
  #revalidate: ((tables: readonly string[]) => void) | undefined
  #stopTimer: Cancel = () => {}
  /** Monotonic, ms. */
  #askedAt = Number.NEGATIVE_INFINITY

  constructor(parts: FreshnessParts) {
    this.#parts = parts
  }

  get pulledAt(): PulledAt {
    return this.#pulledAt
  }

  /** Takes in what the leader or the database says. */
  take(pulledAt: PulledAt): void {
    this.#pulledAt = latest(this.#pulledAt, pulledAt, this.#parts.env.now())
    this.#forgetTold()
  }

  /** The rows are gone, and what was known of them. */
  forget(): void {
    this.#pulledAt = {}
    this.#written = {}
    this.#told.clear()
    this.#stopTimer()
  }

  heard({ name, data }: SyncEvent): void {
    if (name === 'stale') this.#told.add(data.table)
    if (name !== 'pull-complete' || !data.complete) return
    const now = this.#parts.env.now()
    this.take(Object.fromEntries(data.tables.map((table) => [table, now])))
    this.#plan()
  }

  /** Whether a table, or any, is stale. One that is, is pulled in the background if the app wants that. */
  isStale(table?: string): boolean {
    const stale = this.staleTables().filter((one) => table === undefined || one.table === table)
    this.lookAfter(stale.map((one) => one.table))
    return stale.length > 0
  }

  /** The tables that are stale now. */
  staleTables(): StaleTable[] {
    const { tables, configured, env } = this.#parts
    return staleAmong(tables, configured.staleness, this.#pulledAt, env.now())
  }

  /** The person looks at this tab again. A leader that syncs whenever that happens needs no word. */
  seenAgain(): void {
    if (this.#revalidate && this.#parts.configured.onVisibilityChange) return
    this.lookAfter(this.staleTables().map(({ table }) => table))
  }

  /** Somebody cares about tables that seemed stale to them. */
  lookAfter(tables: readonly string[]): void {
    const stale = this.staleTables().filter(({ table }) => tables.includes(table))
    const { env, configured } = this.#parts
    if (stale.length === 0 || !configured.staleness.revalidates) return
    if (env.monotonic() - this.#askedAt < askAgain) return
    this.#askedAt = env.monotonic()
    const names = stale.map(({ table }) => table)
    if (this.#revalidate) this.#revalidate(names)
    else this.#parts.askLeader(names)
  }

  /** This tab leads: it says what becomes stale. What is stale already is pulled with the first cycle. */
  lead(revalidate: (tables: readonly string[]) => void): void {
    this.#revalidate = revalidate
    this.#tellStale()
    this.#plan()
  }

  retire(): void {
    this.#revalidate = undefined
    this.#stopTimer()
  }

  /** For the leader of `epoch`: writes it where half the shortest lifetime has passed, or at once: a poll without news costs no transaction. */
  async save(epoch: number, atOnce = false): Promise<void> {
    const { storage, configured } = this.#parts
    const ttl = shortestTtl(configured.staleness)
    const pulledAt = this.#pulledAt
    if (ttl === Number.POSITIVE_INFINITY) return
    const due = Object.entries(pulledAt).some(([table, at]) => {
      const age = at - (this.#written[table] ?? Number.NEGATIVE_INFINITY)
      // A clock that was set back leaves a time in the future: the newer word counts.
      return atOnce ? age !== 0 : age < 0 || age >= ttl / 2
    })
    if (!due) return
    const stored: StoredFreshness = { name: 'freshness', pulledAt }
    await storage.write(['_sync_meta', '_sync_leader'], async (tx) => {
      // Whoever leads since then knows better: the rows may be gone.
      if (await isCurrent(tx, epoch)) await tx.put('_sync_meta', [stored])
    })
    this.#written = pulledAt
  }

  /** A table that is fresh again may become stale again. */
  #forgetTold(): void {
    if (this.#told.size === 0) return
    const stale = this.staleTables().map(({ table }) => table)
    for (const table of this.#told) if (!stale.includes(table)) this.#told.delete(table)
  }

  /** What was never pulled has not become stale. Answers what is news. */
  #tellStale(): string[] {
    const { emit, configured, report } = this.#parts
    const { onStale } = configured.config.staleness ?? {}
    const news = this.staleTables().flatMap(({ table, age }) =>
      age === undefined || this.#told.has(table) ? [] : [{ table, age }],
    )
    for (const one of news) {
      emit('stale', one)
      if (onStale) callListener(onStale, one, report)
    }
    return news.map(({ table }) => table)
  }

  /** The leader's alone: wakes when the next table becomes stale. */
  #plan(): void {
    if (!this.#revalidate) return
    const { env, tables, configured } = this.#parts
    this.#stopTimer()
    const ms = nextStaleIn(tables, configured.staleness, this.#pulledAt, env.now())
    if (ms === undefined) return
    this.#stopTimer = env.timer(() => {
      const news = this.#tellStale()
      if (news.length > 0 && configured.staleness.revalidates) this.#revalidate?.(news)
      this.#plan()
    }, ms)
  }
}
