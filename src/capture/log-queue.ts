import type { DBCoreMutateRequest, DBCoreTable, DBCoreTransaction } from 'dexie'
import type { LogRecord } from '../model/change'

/** A record on its way to the log, until we know its number. */
interface Item {
  seq?: number
  /** It could not be written. */
  lost?: true
  /** What is to stand there instead; null = nothing. */
  instead?: LogRecord | null
}

/** Records written in the hope that their rows will be; told by {@link confirm} or {@link replace} whether they were. */
export interface Batch {
  /** The rows are written: from now on a record that could not be written is a failure of capture. */
  confirm(): void
  /** Some rows were refused: the log must say this instead. */
  replace(records: readonly LogRecord[]): void
}

/**
 * Writes the log of one transaction in the order its calls were made (I2), however late each call knows what it
 * changed: a call that has to wait takes its place at once, and all later ones stand behind it.
 */
export class LogQueue {
  readonly #places: { records?: readonly LogRecord[] }[] = []
  readonly #waiting: (() => void)[] = []
  #writing = 0

  constructor(
    readonly log: DBCoreTable,
    readonly trans: DBCoreTransaction,
    readonly failed: (error: unknown) => void,
  ) {}

  /** No call waits for its turn: records may be written at once. */
  get open(): boolean {
    return this.#places.length === 0
  }

  /** Takes the next place in the log; the answer fills it, once. */
  reserve(): (records: readonly LogRecord[]) => void {
    const place: { records?: readonly LogRecord[] } = {}
    this.#places.push(place)
    return (records) => {
      if (place.records) return
      place.records = records
      while (this.#places[0]?.records) this.write(this.#places.shift()?.records ?? []).confirm()
      this.#settle()
    }
  }

  /** Writes now; only while {@link open}. */
  write(records: readonly LogRecord[]): Batch {
    let confirmed = false
    let replaced = false
    let error: unknown
    const items = records.map((record) => {
      const item: Item = {}
      this.#mutate(
        { type: 'add', trans: this.trans, values: [record] },
        (cause) => {
          error = cause
          item.lost = true
          this.#correct(item)
          if (confirmed) this.failed(cause)
        },
        (seq) => {
          item.seq = seq
          this.#correct(item)
        },
      )
      return item
    })
    return {
      confirm: () => {
        confirmed = true
        if (error !== undefined) this.failed(error)
      },
      replace: (others) => {
        if (replaced) return
        replaced = true
        items.forEach((item, i) => {
          item.instead = others[i] ?? null
          this.#correct(item)
        })
        if (others.length > items.length) this.write(others.slice(items.length)).confirm()
      },
    }
  }

  /** Calls back once nothing of ours is on its way; at once if nothing is. */
  whenQuiet(then: () => void): void {
    if (this.quiet) then()
    else this.#waiting.push(then)
  }

  get quiet(): boolean {
    return this.#writing === 0 && this.open
  }

  #correct(item: Item): void {
    const { seq, instead } = item
    if (item.lost && instead) this.write([instead]).confirm()
    if (seq === undefined || instead === undefined) return
    const request: DBCoreMutateRequest = instead
      ? { type: 'put', trans: this.trans, values: [{ ...instead, seq }] }
      : { type: 'delete', trans: this.trans, keys: [seq] }
    this.#mutate(request, this.failed)
  }

  #mutate(
    request: DBCoreMutateRequest,
    failed: (error: unknown) => void,
    done: (seq: number) => void = () => {},
  ): void {
    this.#writing++
    const settled = (settle: () => void) => {
      this.#writing--
      settle()
      this.#settle()
    }
    // Not an async function: inside Dexie's zones only its own promises settle within the event of their request.
    this.#issue(request).then(
      ({ numFailures, failures, lastResult }) =>
        settled(() => (numFailures > 0 ? failed(failures[0]) : done(lastResult as number))),
      (error: unknown) => settled(() => failed(error)),
    )
  }

  /** Dexie forgets the rows it has just read with every put and delete; ours touch none of them. */
  #issue(request: DBCoreMutateRequest): ReturnType<DBCoreTable['mutate']> {
    const trans = this.trans as { _cache?: unknown }
    const rows = trans._cache
    const answer = this.log.mutate(request)
    if (rows) trans._cache = rows
    return answer
  }

  #settle(): void {
    if (this.quiet) for (const then of this.#waiting.splice(0)) then()
  }
}
