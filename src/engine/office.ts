import type { SyncEvents } from '../model/event'
import type { Reason } from '../model/outcome'
import { adopt } from '../outbox/adopt'
import type { Term } from '../outbox/term'
import { isTermOver, TermOver } from '../outbox/term-over'
import { isClosed, storageReason } from '../storage/storage-error'
import { ClockKeeper } from './clock-keeper'
import { type Counts, countHeld } from './counts'
import { Doing } from './doing'
import { IdentityWatch } from './identity-watch'
import { findInstance } from './instance'
import { LoginWatch } from './login-watch'
import { makeTerm } from './make-term'
import type { OfficeParts } from './office-parts'
import { OriginKeeper } from './origin-keeper'
import { Schedule } from './schedule'
import { sweepAliases } from './sweep-aliases'
import { sweepHistory } from './sweep-history'
import { SyncedMemory } from './synced-memory'
import { Work } from './work'

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
  readonly #origin: OriginKeeper
  #heldMayHaveChanged = true
  #held: Omit<Counts, 'pending'> = { deadLetters: 0, conflicts: 0 }

  constructor(epoch: number, stolen: boolean, parts: OfficeParts) {
    const { env, configured, protocol, storage, clock, identity } = parts
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
    this.#term = makeTerm(parts, {
      epoch,
      stolen,
      over: this.#over.signal,
      halted: () =>
        this.#ending || this.#login.missing !== undefined || parts.isPaused() || !this.#identity.isAlone(),
      ours: () => this.#identity.ours(),
      trouble: () => this.#login.missing ?? this.#identity.wrongLogin() ?? this.#term.origin.trouble,
      authRequired: (reason) => this.#missLogin(reason),
      emit: (name, data) => {
        if (name === 'dead-letter' || name === 'conflict') this.#heldMayHaveChanged = true
        if (name === 'sync-complete') this.#cycleEnded(data as SyncEvents['sync-complete'])
        parts.emit(name, data)
      },
    })
    const { strangers } = this.#term.outbox
    this.#identity = new IdentityWatch({ identity, storage, env, strangers, emit: parts.emit })
    this.#synced = new SyncedMemory(storage, env)
    this.#origin = new OriginKeeper(storage, this.#term.origin)
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
    await this.#origin.restore()
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
    await this.#origin.save()
    await this.#synced.save(this.epoch)
    await this.#parts.freshness.save(this.epoch)
    await this.#clock.save()
    const { outbox } = this.#term
    await (ran ? outbox.catchUp() : outbox.refresh()) // else nobody has read what was written meanwhile
    await this.#recount()
    this.#parts.tellSynced(this.#work.hasSynced)
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
