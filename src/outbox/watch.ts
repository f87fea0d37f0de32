import type { Cancel, Environment } from '../environment'
import { SyncError, type SyncErrorCode } from '../model/error'
import type { Storage, Tx } from '../storage/transaction'

/** ms after which is looked again without a hint: messages may be lost. */
const lookEvery = 2_000

/** What a look may read. */
const watched = [
  '_sync_log',
  '_sync_progress',
  '_sync_fences',
  '_sync_records',
  '_sync_aliases',
  '_sync_checkpoints',
  '_sync_meta',
]

interface Waiter {
  /** Answers how to end the wait, where it is over. */
  readonly look: (tx: Tx) => Promise<(() => void) | undefined>
  readonly reject: (error: unknown) => void
}

/**
 * Waits in this tab for something the database will show. The truth is on disk; a hint (a local commit, an event, a
 * message) only makes it look at once. Everybody who waits is served by one read transaction; nothing runs while
 * nobody does.
 */
export class Watch {
  readonly #env: Pick<Environment, 'timer'>
  readonly #storage: Pick<Storage, 'read'>
  readonly #waiters = new Set<Waiter>()
  #looking = false
  #looked: Promise<void> = Promise.resolve()
  #again = false
  /** Why nobody may wait; undefined while they may. */
  #closed: SyncErrorCode | undefined
  #stopTimer: Cancel = () => {}

  constructor(env: Pick<Environment, 'timer'>, storage: Pick<Storage, 'read'>) {
    this.#env = env
    this.#storage = storage
  }

  /**
   * Resolves with the first answer of `look` that is not undefined. Rejects with what it throws, with the code of
   * {@link close} when this tab stops, with `storage-failed` where the database cannot be read.
   */
  until<T>(look: (tx: Tx) => Promise<T | undefined>): Promise<T> {
    if (this.#closed) return Promise.reject(new SyncError(this.#closed))
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        reject,
        look: async (tx) => {
          const answer = await look(tx)
          return answer === undefined ? undefined : () => resolve(answer)
        },
      }
      this.#waiters.add(waiter)
      this.hint()
    })
  }

  /** Something has happened that may be what is waited for. */
  hint(): void {
    if (this.#waiters.size === 0) return
    if (this.#looking) this.#again = true
    else this.#looked = this.#look()
  }

  open(): void {
    this.#closed = undefined
  }

  /** Resolves when nothing is read any more. */
  async close(code: SyncErrorCode): Promise<void> {
    this.#closed = code
    this.#stopTimer()
    this.#endAll(new SyncError(code))
    await this.#looked
  }

  async #look(): Promise<void> {
    this.#looking = true
    this.#stopTimer()
    do {
      this.#again = false
      await this.#lookOnce()
    } while (this.#again && this.#waiters.size > 0)
    this.#looking = false
    if (this.#waiters.size > 0) this.#stopTimer = this.#env.timer(() => this.hint(), lookEvery)
  }

  async #lookOnce(): Promise<void> {
    // Told after the transaction: what the app does next must not find itself inside it (I13).
    const ends = new Map<Waiter, () => void>()
    try {
      await this.#storage.read(watched, async (tx) => {
        for (const waiter of this.#waiters) {
          try {
            const end = await waiter.look(tx)
            if (end) ends.set(waiter, end)
          } catch (error) {
            ends.set(waiter, () => waiter.reject(error))
          }
        }
      })
      for (const [waiter, end] of ends) {
        this.#waiters.delete(waiter)
        end()
      }
    } catch (error) {
      this.#endAll(error)
    }
  }

  #endAll(error: unknown): void {
    for (const { reject } of this.#waiters) reject(error)
    this.#waiters.clear()
  }
}
