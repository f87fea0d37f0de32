import type { Environment } from '../environment'
import type { SyncErrorCode } from '../model/error'
import type { Connection, ConnectionMoment } from '../storage/connection'
import { mayPass, reopenAfter } from '../storage/reopen'
import type { Tab } from './tab'

export interface SessionParts {
  readonly env: Environment
  readonly connection: Connection
  readonly tab: Pick<Tab, 'join' | 'leave' | 'stand'>
}

/** ms a database may be blocked before it is told: browsers say so for a moment without any other tab, too. */
const blockedPatience = 2_000

/** ms of a stay after which an earlier loss of the database counts no more. */
const goodStay = 60_000

/** What runs between start() and stop(): stays, one after the other, with waits for the database between them. */
export class Session {
  readonly #parts: SessionParts
  readonly #stopped = new AbortController()
  readonly #ended: Promise<void>
  #joining = later()
  /** A stay begins, or goes on, and its database is there. */
  #staying = true
  /** The database is gone, and the stay not over yet. */
  #leaving = false
  #lost = false
  /** Something calls for the next stay: the database is open again, or it is to be opened. */
  #next: 'look' | 'open' | undefined = 'open'
  /** Ends the stay, or the wait between two. */
  #turn = () => {}
  #tried = 0
  #opening = false
  #stopBlocked = () => {}

  /** Begins when the session before has ended. */
  constructor(parts: SessionParts, before: Promise<void>) {
    this.#parts = parts
    this.#ended = before.then(() => this.#live())
  }

  /** Resolves when this tab has joined; undefined while it waits for the database. */
  get joining(): Promise<void> | undefined {
    return this.#staying ? this.#joining.promise : undefined
  }

  joined(): Promise<void> {
    if (!this.#staying) this.#goOn('open')
    return this.#joining.promise
  }

  end(): Promise<void> {
    this.#stopped.abort()
    this.#turn()
    return this.#ended
  }

  async #live(): Promise<void> {
    const { tab, env, connection } = this.#parts
    const stopWatch = connection.watch((moment) => this.#hear(moment))
    const stopLifecycle = env.lifecycle((moment) => {
      // Dexie closes the database of a page that is put away (FAULTS E6), and nobody else opens it again.
      if (moment === 'thaw' && !connection.closedOnPurpose) this.#goOn('open')
    })
    while (!this.#over) {
      const error = await this.#stay()
      if (!this.#over) this.#tell(error)
      await tab.leave()
      if (!this.#over) await this.#wait(error)
    }
    stopLifecycle()
    stopWatch()
    tab.stand('stopped')
    this.#joining.resolve()
  }

  get #over(): boolean {
    return this.#stopped.signal.aborted
  }

  /** Joins the tabs, until the database is gone or the session over. Answers why it could not. */
  async #stay(): Promise<unknown> {
    const { tab, env } = this.#parts
    this.#staying = true
    this.#leaving = false
    this.#lost = false
    this.#next = undefined
    const gone = new Promise<void>((resolve) => {
      this.#turn = resolve
    })
    let since: number | undefined
    let failure: unknown
    try {
      tab.stand('starting')
      await Promise.race([this.#open(), gone])
      if (this.#over) return
      await tab.join()
      since = env.monotonic()
      this.#joining.resolve()
      await gone
    } catch (error) {
      failure = error
    }
    if (since !== undefined && env.monotonic() - since >= goodStay) this.#tried = 0
    this.#staying = false
    const { reject } = this.#joining
    if (!this.#over) this.#joining = later()
    if (failure !== undefined && !this.#over) reject(failure)
    return failure
  }

  async #open(): Promise<void> {
    this.#opening = true
    try {
      await this.#parts.connection.open()
    } finally {
      this.#opening = false
      this.#stopBlocked()
    }
  }

  /** Until the database is open again, is to be opened, or may be tried again. */
  async #wait(error: unknown): Promise<void> {
    const { env, connection } = this.#parts
    const retryIn = this.#lost || mayPass(error) ? reopenAfter(this.#tried++) : undefined
    const stopTimer = retryIn === undefined ? () => {} : env.timer(() => this.#goOn('open'), retryIn)
    while (!this.#over && !(this.#next === 'open' || (this.#next === 'look' && connection.isOpen)))
      await new Promise<void>((resolve) => {
        this.#turn = resolve
      })
    stopTimer()
  }

  #hear(moment: ConnectionMoment): void {
    const { env, tab } = this.#parts
    if (moment === 'open') this.#goOn('look')
    // While it is opened Dexie closes it at any failure, and open() tells of that.
    if ((moment === 'closed' || moment === 'lost') && !this.#opening) {
      this.#lost ||= moment === 'lost'
      this.#next = undefined
      this.#leaving = true
      this.#turn()
    }
    if (moment === 'blocked' && this.#opening) {
      this.#stopBlocked()
      this.#stopBlocked = env.timer(
        () => tab.stand('starting', this.#reason('database-blocked')),
        blockedPatience,
      )
    }
  }

  #goOn(next: 'look' | 'open'): void {
    // The app may open it again before the stay that lost it is over.
    if (this.#staying && !this.#leaving) return
    if (this.#next !== 'open') this.#next = next
    this.#turn()
  }

  #tell(error: unknown): void {
    const code = (error as { code?: SyncErrorCode } | undefined)?.code
    const closed = !this.#lost && (error === undefined || code === 'database-closed')
    if (closed) this.#parts.tab.stand('closed')
    else this.#parts.tab.stand('storage-failed', this.#reason(code ?? 'storage-failed'))
  }

  #reason(code: SyncErrorCode) {
    return { code, at: this.#parts.env.now() }
  }
}

interface Later {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

function later(): Later {
  let resolve = () => {}
  let reject: Later['reject'] = () => {}
  const promise = new Promise<void>((kept, broken) => {
    resolve = kept
    reject = broken
  })
  promise.catch(() => undefined) // whoever called start() hears of it; for a try of its own nobody waits
  return { promise, resolve, reject }
}
