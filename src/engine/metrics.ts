import type { Configured } from '../config'
import type { Cancel, Environment } from '../environment'
import type { SyncMetrics } from '../model/metrics'
import type { StorageEstimate } from '../model/storage-estimate'
import type { Protocol } from '../protocol/protocol'
import type { Emitter } from '../status/emitter'
import { callListener } from '../status/listener'
import { metricsOf } from '../status/metrics'
import { noTallies, type Tallies, type TallyFact, tally } from '../status/tally'
import type { Storage } from '../storage/transaction'
import { takeReadings } from './readings'

export interface MetricsParts {
  readonly env: Environment
  readonly storage: Storage
  readonly configured: Configured
  readonly protocol: Protocol
  readonly emitter: Emitter
  readonly isLeader: () => boolean
  readonly report: (error: unknown) => void
}

/**
 * Counts in this tab what happens, and tells it at an interval while somebody listens. The leader, who hears everything,
 * tells its tallies to the others, who go on from them when it is gone.
 */
export class Metrics {
  readonly #parts: MetricsParts
  #tallies: Tallies
  #open = false
  #stopTimer: Cancel | undefined
  #telling: Promise<void> = Promise.resolve()

  constructor(parts: MetricsParts) {
    this.#parts = parts
    this.#tallies = noTallies(parts.env.now())
  }

  get tallies(): Tallies {
    return this.#tallies
  }

  /** Takes in the leader's. */
  take(tallies: Tallies): void {
    this.#tallies = tallies
  }

  count(fact: TallyFact): void {
    const { configured, env } = this.#parts
    if (configured.observability.enabled) this.#tallies = tally(this.#tallies, fact, env.now())
  }

  async get(): Promise<SyncMetrics> {
    const { env, storage, protocol } = this.#parts
    const readings = await takeReadings(storage, protocol)
    return metricsOf(this.#tallies, readings, await estimate(env), env.now())
  }

  open(): void {
    this.#open = true
    this.plan()
  }

  /** Resolves when nothing of it runs any more. */
  async close(): Promise<void> {
    this.#open = false
    this.#stopTimer?.()
    this.#stopTimer = undefined
    await this.#telling
  }

  /** To be called when somebody begins to listen. Without a listener there is no timer. */
  plan(): void {
    const { env, configured } = this.#parts
    if (!this.#open || this.#stopTimer || !this.#wanted()) return
    this.#stopTimer = env.timer(() => {
      this.#stopTimer = undefined
      this.#telling = this.#tell().finally(() => this.plan())
    }, configured.observability.metricsInterval)
  }

  #wanted(): boolean {
    const { configured, emitter } = this.#parts
    if (!configured.observability.enabled) return false
    return configured.config.observability?.onMetrics !== undefined || emitter.isHeard('metrics')
  }

  /** Never rejects. */
  async #tell(): Promise<void> {
    const { emitter, configured, isLeader, report } = this.#parts
    const { onMetrics } = configured.config.observability ?? {}
    const calls = onMetrics && isLeader() ? onMetrics : undefined
    if (!calls && !emitter.isHeard('metrics')) return
    try {
      const metrics = await this.get()
      if (!this.#open) return
      emitter.emit({ name: 'metrics', data: metrics })
      if (calls) callListener(calls, metrics, report)
    } catch (error) {
      report(error)
    }
  }
}

/** What the browser says of the storage; nothing where it does not, or not now. */
export async function estimate(env: Environment): Promise<StorageEstimate> {
  try {
    return (await env.storageEstimate?.()) ?? {}
  } catch {
    return {} // private modes refuse: the number is left out
  }
}
