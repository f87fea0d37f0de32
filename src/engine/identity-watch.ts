import type { Environment } from '../environment'
import type { SyncEventName, SyncEvents } from '../model/event'
import type { Reason } from '../model/outcome'
import type { Strangers } from '../outbox/strangers'
import type { Storage } from '../storage/transaction'
import type { Identity } from './identity'
import type { Standing } from './standing'

interface WatchParts {
  readonly identity: Identity
  readonly storage: Storage
  readonly env: Pick<Environment, 'now'>
  /** What others have written in the database. */
  readonly strangers: Pick<Strangers, 'any' | 'met'>
  readonly emit: <N extends SyncEventName>(name: N, data: SyncEvents[N]) => void
}

/** Whether who is logged in is whose data the database holds (I11), as the leader sees it for one office. */
export class IdentityWatch {
  readonly #parts: WatchParts
  /** As it was last noticed. */
  #standing: Standing | undefined

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  ours(): boolean {
    return this.#parts.identity.standing() === 'ours'
  }

  /** It is, and what others wrote in their absence is put away: nothing of it leaves with theirs. */
  isAlone(): boolean {
    const { strangers } = this.#parts
    return this.ours() && !strangers.met && (this.#standing === 'ours' || !strangers.any)
  }

  /** Why nothing goes; undefined = who is logged in is the right one. */
  wrongLogin(): Reason | undefined {
    const standing = this.#parts.identity.standing()
    if (standing === 'ours') return undefined
    return { code: standing === 'other' ? 'identity-changed' : 'auth-required', at: this.#parts.env.now() }
  }

  /**
   * Looks whether another login is here, or the old one is back, and says so once. False = the database is to be taken
   * over, or what others wrote is to be put away: the office is over, and the next one begins with it.
   */
  async notice(): Promise<boolean> {
    const { identity, storage, emit } = this.#parts
    // Another tab may have let in who was signed out; and once nobody is logged in, whoever is next is welcome.
    const before = identity.standing()
    if (before === 'signed-out') await identity.renew(storage)
    if (before === 'unknown') await identity.admit(storage)
    const standing = identity.standing()
    if (standing === 'unclaimed' || (standing === 'ours' && !this.isAlone())) return false
    if (standing === this.#standing) return true
    this.#standing = standing
    const reason = this.wrongLogin()
    if (reason) emit(standing === 'other' ? 'identity-changed' : 'auth-required', { reason })
    return true
  }
}
