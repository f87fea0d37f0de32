import { Session, type SessionParts } from './session'

/**
 * When this tab's engine lives. What runs between `start()` and `stop()` is a session; in it, a stay lasts as long as
 * the database does. Calls come in any order, from anywhere, also from inside what the engine calls:
 *
 *            start()              joined the tabs
 *   stopped ---------> starting --------------------> running
 *      ^                |    ^                           |
 *      |    cannot open,|    | the app opens it,         | the database is closed, deleted or lost:
 *      |   cannot join  |    | start(), the next try,    | leaves the tabs
 *      |                v    | the page comes back       v
 *      |               waiting: `closed` or `storage-failed`
 *      |
 *      '--- stop(), from everywhere: leaves the tabs, and only then may the next session begin
 */
export class Life {
  readonly #parts: SessionParts
  #session: Session | undefined
  #ended: Promise<void> = Promise.resolve()

  constructor(parts: SessionParts) {
    this.#parts = parts
  }

  /** Between start() and stop(). */
  get started(): boolean {
    return this.#session !== undefined
  }

  /** Resolves when this tab, which is starting, has joined; undefined where it is stopped or waits for the database. */
  get joining(): Promise<void> | undefined {
    return this.#session?.joining
  }

  /** Resolves when this tab has joined, or was stopped meanwhile; rejects when the database cannot be opened. */
  start(): Promise<void> {
    this.#session ??= new Session(this.#parts, this.#ended)
    return this.#session.joined()
  }

  /** Resolves when nothing runs any more (I12). */
  stop(): Promise<void> {
    if (this.#session) this.#ended = this.#session.end()
    this.#session = undefined
    return this.#ended
  }
}
