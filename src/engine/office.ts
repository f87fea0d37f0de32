import type { Configured } from '../config'
import type { Environment } from '../environment'
import type { AliasMap } from '../keys/alias-map'
import type { SyncEventName, SyncEvents } from '../model/event'
import type { Reason } from '../model/outcome'
import type { Schema } from '../model/schema'
import { adopt } from '../outbox/adopt'
import type { Clock } from '../outbox/clock'
import { Existing } from '../outbox/existing'
import { Origin, type OriginMemory } from '../outbox/origin'
import { Outbox } from '../outbox/outbox'
import type { Term } from '../outbox/term'
import { isTermOver, TermOver } from '../outbox/term-over'
import type { Protocol } from '../protocol/protocol'
import { fullJitter, pastAsked } from '../push/backoff'
import type { VanishMarker } from '../storage/marker'
import { isClosed, storageReason } from '../storage/storage-error'
import type { Storage } from '../storage/transaction'
import { ClockKeeper } from './clock-keeper'
import { type Counts, countHeld } from './counts'
import { Doing } from './doing'
import type { Freshness } from './freshness'
import type { Identity } from './identity'
import { IdentityWatch } from './identity-watch'
import { findInstance } from './instance'
import { LoginWatch } from './login-watch'
import { Schedule } from './schedule'
import { sweepAliases } from './sweep-aliases'
import { sweepHistory } from './sweep-history'
import { SyncedMemory } from './synced-memory'
import { Work } from './work'

export interface OfficeParts {
  readonly env: Environment
  readonly configured: Configured
  readonly protocol: Protocol
  readonly storage: Storage
  readonly aliases: AliasMap
  readonly clock: Clock
  readonly identity: Identity
  readonly marker: VanishMarker
  readonly schema: Schema
  readonly emit: <N extends SyncEventName>(name: N, data: SyncEvents[N]) => void
  /** What the leader knows of the queue, told to every tab. */
  readonly tellCounts: (counts: Counts) => void
  readonly tellSynced: (hasSynced: boolean) => void
  /** Everything is paused, or a table. */
  readonly isPaused: (table?: string) => boolean
  readonly freshness: Freshness
  readonly report: (error: unknown) => void
}

/** ms a leader has at the end of its term for what is on its way; none when the page is put away: others send it again. */
const grace = 4_000

/** The leader's office: everything that runs while this tab leads, for one term. */
export class Office {
  readonly #parts: OfficeParts
  readonly #term: Term
  readonly #work: Work
  readonly #schedule: Schedule
  readonly #answering = new Doing()
  readonly #synced: SyncedMemory
  readonly #over = new AbortController()
  readonly #failed: Promise<never>
  #fail: (error: unknown) => void = () => {}
  readonly #anew: Promise<'anew'>
  #beginAnew: () => void = () => {}
  #ending = false
  readonly #identity: IdentityWatch
  #restarts = false
  readonly #login: LoginWatch
  readonly #clock: ClockKeeper
  #storedOrigin = ''
  #heldMayHaveChanged = true
  #held: Omit<Counts, 'pending'> = { deadLetters: 0, conflicts: 0 }

  constructor(epoch: number, stolen: boolean, parts: OfficeParts) {
    const { env, configured, protocol, storage, aliases, clock, identity, schema } = parts
    this.#parts = parts
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject
    })
    this.#failed.catch(() => undefined) // heard by whoever serves the term; nobody does after its end
    this.#anew = new Promise((resolve) => {
      this.#beginAnew = () => {
        this.#restarts = true
        resolve('anew')
      }
    })
    this.#login = new LoginWatch(protocol.login, env, this.#over.signal)
    const outbox = new Outbox(storage, aliases, env, clock, schema, identity.stored)
    const { strangers } = outbox
    this.#identity = new IdentityWatch({ identity, storage, env, strangers, emit: parts.emit })
    this.#term = {
      epoch,
      stolen,
      env,
      storage,
      protocol,
      aliases,
      outbox,
      clock,
      schema,
      tables: new Map(protocol.tables.map((table) => [table.name, table])),
      origin: new Origin(env.now, {
        own: (failures) => fullJitter(configured.settings.retryDelay(failures), env.random()),
        asked: (ms) => pastAsked(ms, env.random()),
      }),
      existing: new Existing(),
      settings: configured.settings,
      over: this.#over.signal,
      halted: () =>
        this.#ending || this.#login.missing !== undefined || parts.isPaused() || !this.#identity.isAlone(),
      isPaused: (table) => parts.isPaused(table),
      ours: () => this.#identity.ours(),
      trouble: () => this.#login.missing ?? this.#identity.wrongLogin() ?? this.#term.origin.trouble,
      authRequired: (reason) => this.#missLogin(reason),
      emit: (name, data) => {
        if (name === 'dead-letter' || name === 'conflict') this.#heldMayHaveChanged = true
        if (name === 'sync-complete') this.#cycleEnded(data as SyncEvents['sync-complete'])
        parts.emit(name, data)
      },
    }
    this.#synced = new SyncedMemory(storage, env)
    this.#clock = new ClockKeeper(storage, clock, env.now)
    this.#work = new Work(this.#term, {
      decided: () => this.#schedule.wake(),
      failed: (error) => this.#storageFailed(error),
    })
    this.#schedule = new Schedule({
      env,
      configured,
      term: this.#term,
      work: this.#work,
      lookForLogin: (moved) => this.#login.look(moved),
      afterRun: (ran) => this.#afterRun(ran),
      failed: (error) => this.#storageFailed(error),
    })
  }

  get epoch(): number {
    return this.#term.epoch
  }

  /** The work of the leader, ready for calls. */
  get work(): Work {
    return this.#work
  }

  /**
   * Works until the term is lost. Rejects when another tab turns out to lead, which ends it too. Answers `anew` where
   * what others wrote is to be put away first, or the database, nobody's so far, is to be taken over.
   */
  async serve(lost: AbortSignal, ready: () => void): Promise<'anew' | undefined> {
    const ended = new Promise<void>((resolve) => {
      if (lost.aborted) resolve()
      lost.addEventListener('abort', () => resolve(), { once: true })
    })
    const stopLifecycle = this.#parts.env.lifecycle((moment) => moment === 'freeze' && this.#over.abort())
    try {
      await this.#begin()
      if (this.#restarts) return 'anew'
      if (!lost.aborted) {
        this.#parts.freshness.lead((tables) => this.#schedule.revalidate(tables))
        this.#schedule.start()
      }
      ready()
      return (await Promise.race([ended, this.#failed, this.#anew])) ?? undefined
    } finally {
      await this.#end()
      stopLifecycle()
    }
  }

  /** A change has been committed in some tab; `held`: by a call on dead letters or conflicts. */
  wake(held: boolean): void {
    this.#heldMayHaveChanged ||= held
    this.#schedule.wake()
  }

  /** Somebody asks for it, so what holds us back of our own is over: a missing login is asked for again. */
  hurry(): void {
    this.#login.hurry()
    this.#term.origin.hurry()
    this.#work.hurry()
  }

  /** A call is being answered: the term is not over before. */
  answers<T>(answer: Promise<T>): Promise<T> {
    return this.#answering.add(answer)
  }

  /** To be called after a run that somebody asked for. */
  async settled(): Promise<void> {
    await this.#afterRun(true)
    this.#schedule.replan()
  }

  /** Somebody was signed out: what is on its way is given up, and the term is over. */
  vacate(epoch: number): void {
    if (epoch <= this.#term.epoch) return
    this.#over.abort()
    this.#fail(new TermOver())
  }

  /** Begins a whole cycle as soon as can be: after a pause, or because somebody asks. */
  syncSoon(): void {
    this.hurry()
    this.#schedule.sync()
  }

  async #begin(): Promise<void> {
    const { storage, marker, env, configured, protocol, report } = this.#parts
    await this.#work.begin()
    const memory = await storage.read(['_sync_meta'], (tx) => tx.get<OriginMemory>('_sync_meta', 'origin'))
    if (memory) this.#term.origin.restore(memory)
    const { vanished } = await findInstance(storage, marker, env, report)
    for (const table of protocol.tables)
      await adopt(this.#term, table, { upload: configured.initialUpload, vanished })
    await sweepAliases(this.#term)
    await sweepHistory(this.#term)
    await this.#afterRun(true)
  }

  /** As {@link IdentityWatch.notice}. */
  async notice(): Promise<boolean> {
    const stays = await this.#identity.notice()
    if (!stays) this.#beginAnew()
    return stays
  }

  async #end(): Promise<void> {
    this.#ending = true
    this.#schedule.stop()
    this.#parts.freshness.retire()
    this.#work.inSync.end()
    const cancel = this.#parts.env.timer(() => this.#over.abort(), grace)
    await this.#work.idle()
    await Promise.all([this.#schedule.idle(), this.#answering.over()])
    await this.#synced.save(this.epoch, true).catch(this.#parts.report)
    await this.#parts.freshness.save(this.epoch, true).catch(this.#parts.report)
    cancel()
    this.#over.abort()
  }

  /** A cycle that was cut short by a pause or the end of the term has not seen everything. */
  #cycleEnded({ reason }: SyncEvents['sync-complete']): void {
    if (reason || this.#term.halted()) return
    this.#synced.note()
  }

  async #afterRun(ran: boolean): Promise<void> {
    if (this.#over.signal.aborted) return
    await this.notice()
    await this.#rememberOrigin()
    await this.#synced.save(this.epoch)
    await this.#parts.freshness.save(this.epoch)
    await this.#clock.save()
    if (!ran) await this.#term.outbox.refresh() // nobody has read what was written meanwhile
    await this.#recount()
    this.#parts.tellSynced(this.#work.hasSynced)
  }

  /** Pauses outlive a reload: a page that is opened anew does not storm a server that asked for time. */
  async #rememberOrigin(): Promise<void> {
    const { memory } = this.#term.origin
    const text = JSON.stringify(memory)
    if (text === this.#storedOrigin || (this.#storedOrigin === '' && memory.failures === 0)) return
    await this.#parts.storage.write(['_sync_meta'], (tx) =>
      tx.put('_sync_meta', [{ name: 'origin', ...memory }]),
    )
    this.#storedOrigin = text
  }

  async #recount(): Promise<void> {
    const { outbox } = this.#term
    if (this.#heldMayHaveChanged) {
      this.#heldMayHaveChanged = false
      this.#held = await countHeld(this.#parts.storage)
    }
    const pending = outbox.waiting.freeCount()
    this.#parts.tellCounts({ pending, ...this.#held })
    if (pending === 0 && this.#work.hasSynced) this.#work.inSync.quiet()
  }

  #missLogin(reason: Reason): void {
    if (this.#login.missing) return
    this.#login.miss(reason)
    this.#parts.emit('auth-required', { reason })
  }

  #storageFailed(error: unknown): void {
    if (isTermOver(error) || isClosed(error)) this.#fail(error)
    else {
      this.#parts.report(error)
      this.#parts.emit('storage-error', { reason: storageReason(error, this.#parts.env.now()) })
    }
  }
}
