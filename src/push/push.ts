import type { Fence } from '../model/entry'
import { migrateLog } from '../outbox/migrate-log'
import { parkMassDeletes } from '../outbox/park-mass-deletes'
import { select } from '../outbox/select'
import type { Term } from '../outbox/term'
import { timed } from '../outbox/timed'
import type { WaitingRecord } from '../outbox/waiting'
import { dueTime } from './due-time'
import { commitFences, release, restamp } from './fence'
import { Flights } from './flights'
import { FrozenLater } from './frozen-later'
import { giveUp } from './give-up'
import { type Answered, addSettled, nothingSettled, type Settled } from './job'
import { isExpired } from './key-age'
import { prepare } from './prepare'
import { RateLimits } from './rate-limits'
import { RunTime } from './run-time'
import { settle } from './settle'

const always = () => true

/** ms between two `progress` events of a drain. */
const progressEvery = 200

/**
 * Sends what waits and may leave, until nothing more can leave now (station 3). `concurrency` requests fly at once,
 * as many more are committed while they do; answers that come together settle together. Never two requests of one
 * record; one that fails holds no other back (I2).
 */
export class Push {
  readonly #term: Term
  readonly #flights: Flights
  readonly #later: FrozenLater
  readonly #rates: RateLimits
  #ready: Fence[] = []
  #toldAt = Number.NEGATIVE_INFINITY
  #hasMore = false
  #time: RunTime
  /** The last run left behind what the next may send. */
  #left = false
  #wasCut = false
  #stopWaiting: () => void = () => {}

  constructor(term: Term) {
    this.#term = term
    this.#flights = new Flights(term)
    this.#later = new FrozenLater(term)
    this.#rates = new RateLimits(term.tables, term.env)
    this.#time = new RunTime(term.env, 0, always)
  }

  /** Whether a change of the table may leave now, as far as its `rateLimit` goes. */
  hasRoom(table: string): boolean {
    return this.#rates.hasRoom(table)
  }

  /** A run, or several, will send what the last one has left. */
  begin(): void {
    this.#left = false
    this.#wasCut = false
  }

  /** `takesLater`: whether what is written meanwhile leaves as well, where nothing hangs. */
  async run(mayLeave: (record: WaitingRecord) => boolean, takesLater = always): Promise<Settled> {
    try {
      return await this.#drain(mayLeave, takesLater)
    } finally {
      // Also where the database failed: what is committed then still leaves, and nothing else has a place.
      this.#rates.endRun(this.#ready.map(tableOf))
    }
  }

  /** More waits: a run that waits for an answer looks at it first. */
  more(): void {
    this.#hasMore = true
    this.#stopWaiting()
  }

  async #drain(mayLeave: (record: WaitingRecord) => boolean, takesLater: () => boolean): Promise<Settled> {
    let total = nothingSettled
    this.#hasMore = false
    const { env, outbox } = this.#term
    await outbox.refresh()
    this.#time = new RunTime(env, outbox.waiting.seen, takesLater)
    this.begin()
    while (this.#open()) {
      const more = await this.#fenceMore(mayLeave)
      this.#launch()
      const answers = this.#flights.answered(this.#term.settings.batchSize)
      if (answers.length > 0) {
        total = addSettled(total, await this.#settle(answers))
        this.#tellProgress(total)
      } else if (this.#flights.count > 0) await this.#answerOrMore()
      else if (this.#ready.length === 0 && !more && !(await outbox.catchUp())) break
    }
    this.#wasCut = this.#time.isOver
    await this.#windDown()
    return total
  }

  /** A slow request holds back nothing but its own record (I2): what is written meanwhile is not to wait for its answer. */
  async #answerOrMore(): Promise<void> {
    const more = new Promise<void>((resolve) => {
      this.#stopWaiting = resolve
    })
    if (!this.#hasMore) await Promise.race([this.#flights.landing(), more])
    if (!this.#hasMore) return
    this.#hasMore = false
    await this.#term.outbox.refresh()
  }

  /** A long drain tells how far it is, not more often than anybody can see. */
  #tellProgress({ accepted, refused }: Settled): void {
    const { env, outbox, settings, emit } = this.#term
    const done = accepted + refused
    const left = outbox.waiting.freeCount()
    const now = env.monotonic()
    if (done + left <= settings.batchSize || now - this.#toldAt < progressEvery) return
    this.#toldAt = now
    emit('progress', { phase: 'push', done, total: done + left })
  }

  /** The last run ended before it had sent all that was there. */
  get wasCut(): boolean {
    return this.#wasCut
  }

  /** When something that waits for its time may go again, ms of the wall clock; undefined = nothing does. */
  nextDue(): number | undefined {
    const now = this.#term.env.now()
    const times = this.#resendable().map((fence) =>
      Math.max(dueTime(fence, now, this.#term), now + this.#rates.wait(tableOf(fence))),
    )
    const all = [
      ...times,
      ...this.#later.times(),
      ...this.#rates.times(),
      ...(this.#left || this.#wasCut ? [now] : []),
    ]
    return all.length > 0 ? Math.min(...all) : undefined
  }

  #open(): boolean {
    const { over, origin } = this.#term
    return !over.aborted && !this.#term.halted() && origin.wait === 0 && !this.#time.isOver
  }

  /**
   * Keeps a full set of requests committed ahead of those that fly, so that a free place is taken at once. True when
   * it dealt with something, though it may have needed no request: more may wait behind it.
   */
  async #fenceMore(mayLeave: (record: WaitingRecord) => boolean): Promise<boolean> {
    const { outbox, settings, origin, env } = this.#term
    const wanted = origin.places(settings.concurrency)
    if (this.#ready.length > 0 && this.#ready.length + this.#flights.count > wanted) return false
    const due = this.#resendable().filter(
      (fence) =>
        dueTime(fence, env.now(), this.#term) <= env.now() &&
        !this.#flights.has(fence) &&
        !this.#ready.some(({ id }) => id === fence.id),
    )
    const [expired, fresh] = [
      due.filter((one) => isExpired(this.#term, one)),
      due.filter((one) => !isExpired(this.#term, one)),
    ]
    if (expired.length > 0) await giveUp(this.#term, expired)
    const again = fresh.slice(0, wanted).filter((fence) => this.#rates.take(tableOf(fence)))
    if (again.length > 0) this.#ready.push(...(await restamp(this.#term, again)))
    await migrateLog(this.#term)
    // What was deleted since this run began is asked about as well.
    while (outbox.massDeletes.any) await parkMassDeletes(this.#term)
    const room = wanted - this.#ready.length
    const records = select(
      outbox.waiting.records(),
      room * this.#perRequest(),
      (record) =>
        mayLeave(record) &&
        !this.#later.has(record) &&
        !this.#term.isPaused(record.table) &&
        !outbox.isUndecided(record) &&
        this.#takes(record) &&
        this.#rates.take(record.table),
    )
    if (records.length === 0) return false
    const prepared = await prepare(this.#term, records)
    this.#ready.push(...(await commitFences(this.#term, this.#later.sift(prepared))))
    return true
  }

  /** What was sent before and holds nothing of a paused table or of newer code. */
  #resendable(): Fence[] {
    const { outbox, isPaused } = this.#term
    return [...outbox.fences.values()].filter(
      ({ items }) =>
        !items.some(
          ({ table, entries }) => isPaused(table) || entries.some((ref) => outbox.waiting.isNewer(ref)),
        ),
    )
  }

  #perRequest(): number {
    const { batch } = this.#term.protocol
    return batch.mode === 'one' ? 1 : batch.size
  }

  #takes(record: WaitingRecord): boolean {
    const takes = this.#time.takes(record, this.#flights.oldest)
    this.#left ||= !takes
    return takes
  }

  #launch(): void {
    if (!this.#open()) return
    const { settings, origin } = this.#term
    const limit = origin.places(settings.concurrency)
    const places = limit - this.#flights.count
    for (const fence of this.#ready.splice(0, Math.max(0, places))) {
      this.#rates.leaves(tableOf(fence))
      this.#flights.start(fence, () => this.#launch())
    }
  }

  #settle(answers: readonly Answered[]): Promise<Settled> {
    return timed(this.#term, 'settle', () => settle(this.#term, answers))
  }

  /** Lets what flies come home, and takes back what was committed but never sent. */
  async #windDown(): Promise<void> {
    if (this.#term.over.aborted) return // the next leader finds every fence on disk
    // Also what has landed just before: it may have been the very reason to stop.
    for (;;) {
      const answers = this.#flights.answered(Number.POSITIVE_INFINITY)
      if (answers.length > 0) await this.#settle(answers)
      else if (this.#flights.count > 0) await this.#flights.landing()
      else break
    }
    // What was sent before stays as it is: it may have arrived then.
    const unsent = this.#ready.splice(0).filter(({ resent }) => !resent)
    await release(this.#term, unsent)
  }
}

/** A request of a limited table holds changes of that table alone, or counts for the first. */
function tableOf({ items }: Fence): string {
  return items[0]!.table
}
