import type { Configured } from '../config'
import type { Environment } from '../environment'
import type { SyncEvent, SyncEventName, SyncEvents } from '../model/event'
import type { Health } from '../model/health'
import type { ClockMemory } from '../model/stamp'
import type { Clock } from '../outbox/clock'
import type { Protocol } from '../protocol/protocol'
import type { Emitter } from '../status/emitter'
import type { PulledAt } from '../status/freshness'
import { judgeHealth } from '../status/health'
import type { SharedStatus } from '../status/reduce'
import { createStatusStore } from '../status/store'
import type { Tallies } from '../status/tally'
import type { Storage } from '../storage/transaction'
import type { Counts } from './counts'
import { Freshness } from './freshness'
import type { Memory } from './memory'
import { estimate, Metrics } from './metrics'
import { nothingPaused, type Pause } from './pause'
import { takeReadings } from './readings'

export interface KnowledgeParts {
  readonly env: Environment
  readonly clock: Clock
  readonly storage: Storage
  readonly configured: Configured
  readonly protocol: Protocol
  readonly emitter: Emitter
  readonly emit: <N extends SyncEventName>(name: N, data: SyncEvents[N]) => void
  readonly askLeader: (stale: readonly string[]) => void
  readonly report: (error: unknown) => void
}

/** What the leader tells the other tabs. */
export interface Told {
  readonly status: SharedStatus
  readonly counts: Counts
  readonly pulledAt: PulledAt
  readonly tallies: Tallies
  readonly clock?: ClockMemory
}

/** What this tab knows of sync: from events, from the database, and from what the leader tells. */
export class Knowledge {
  readonly status
  readonly freshness: Freshness
  readonly metrics: Metrics
  /** Something was committed here since the leader last said that nothing waits. */
  wroteHere = false
  #pause = nothingPaused
  readonly #parts: KnowledgeParts

  constructor(parts: KnowledgeParts) {
    const { env, protocol, report } = parts
    this.#parts = parts
    this.status = createStatusStore({ now: env.now, isOnline: env.isOnline, report })
    this.freshness = new Freshness({ ...parts, tables: protocol.scopes.flatMap(({ tables }) => tables) })
    this.metrics = new Metrics({
      ...parts,
      isLeader: () => this.status.getSnapshot().leader,
    })
  }

  heard(event: SyncEvent): void {
    this.status.apply(event)
    this.freshness.heard(event)
    this.metrics.count(event)
  }

  /** Takes in what the database remembers. What was heard since is newer than what was written down. */
  remember({ pause, hasSynced, syncedAt, pulledAt, clock }: Memory): void {
    this.pauses(pause)
    if (clock) this.#parts.clock.restore(clock)
    const at = Math.max(syncedAt, this.status.getSnapshot().lastSyncedAt ?? 0)
    this.status.apply({ name: 'synced', data: { hasSynced, ...(at > 0 && { at }) } })
    this.freshness.take(pulledAt)
  }

  /** Takes in what waits and is held, as the leader counts it. */
  counted(counts: Counts): void {
    this.wroteHere &&= counts.pending > 0
    this.status.apply({ name: 'counts', data: counts })
  }

  /** Something waits, as far as this tab knows. */
  get hasWork(): boolean {
    return this.wroteHere || this.status.getSnapshot().pending > 0
  }

  /** Somebody was signed out, and nothing of theirs is left here. */
  emptied(ours: boolean): void {
    this.wroteHere = false
    this.freshness.forget()
    this.status.apply({ name: 'emptied', data: { ours } })
  }

  pauses(pause: Pause): void {
    this.#pause = pause
    this.status.apply({ name: 'paused', data: pause.all })
    this.status.apply({ name: 'paused-tables', data: pause.tables })
  }

  /** Everything is paused, or a table. */
  isPaused(table?: string): boolean {
    return table === undefined ? this.#pause.all : this.#pause.tables.includes(table)
  }

  /** Never rejects: a database that cannot be read is an issue like others. */
  async health(): Promise<Health> {
    const { env, storage, protocol, configured } = this.#parts
    // A database that cannot be read is the finding: without readings the verdict is `storage-failed`.
    const readings = await takeReadings(storage, protocol).catch(() => undefined)
    const { awaySince, failing } = this.metrics.tallies
    const facts = {
      now: env.now(),
      state: this.status.getSnapshot().state,
      readings,
      ...(awaySince !== undefined && { awaySince }),
      failing,
      stale: this.freshness.staleTables(),
      estimate: await estimate(env),
    }
    return judgeHealth(facts, configured.observability.health)
  }

  /** Takes in what the leader tells. */
  take({ status, counts, pulledAt, tallies, clock }: Told): void {
    this.metrics.take(tallies)
    this.status.apply({ name: 'shared', data: status })
    this.counted(counts)
    this.freshness.take(pulledAt)
    if (clock) this.#parts.clock.restore(clock)
  }

  told(): Told {
    const { pending, deadLetters, conflicts } = this.status.getSnapshot()
    return {
      status: this.status.shared(),
      counts: { pending, deadLetters, conflicts },
      pulledAt: this.freshness.pulledAt,
      tallies: this.metrics.tallies,
      clock: this.#parts.clock.memory,
    }
  }
}
