import { SyncError } from '../model/error'
import { type IdentityOption, nobodys, type StoredIdentity } from '../model/identity'
import { type ClaimParts, claim } from '../outbox/claim'
import { readmit, storedIdentity } from '../outbox/stored-identity'
import type { Storage } from '../storage/transaction'
import { type Standing, standingOf } from './standing'

/** Who is logged in, and whose data the database holds as far as this tab knows. */
export class Identity {
  #stored = nobodys
  #complained = false
  #invited = false
  #tell: (standing: Standing) => void = () => {}
  readonly #option: IdentityOption
  readonly #report: (error: unknown) => void

  /** Without `option` everybody is the same one, ''. */
  constructor(option: IdentityOption | undefined, report: (error: unknown) => void) {
    this.#option = option ?? ''
    this.#report = report
  }

  /** Who is logged in at this moment; null = nobody, or not known yet. */
  current(): string | null {
    if (typeof this.#option === 'string') return this.#option
    try {
      const answer: unknown = this.#option()
      if (typeof answer === 'string' && answer !== '') return answer
      if (answer !== null && answer !== undefined)
        this.#complain('it must answer a text that is not empty, or null')
    } catch {
      // What it threw may hold a token, and the app sees its own errors: that it threw is all that is said.
      this.#complain('it threw')
    }
    return null
  }

  /** Whose a change is that is made now: while nobody is known it belongs with the rest of the database. */
  stamp(): string {
    return this.current() ?? this.#stored.identity
  }

  standing(): Standing {
    return standingOf(this.#stored, this.current())
  }

  get stored(): StoredIdentity {
    return this.#stored
  }

  /** Takes in what the database says. */
  remember(stored: StoredIdentity): void {
    this.#stored = stored
    this.#tell(this.standing())
  }

  /** Looks whether the database is still somebody else's, where it was. */
  async renew(storage: Storage): Promise<void> {
    const standing = this.standing()
    const settled = standing === 'ours' || standing === 'unknown'
    this.remember(settled ? this.#stored : await storedIdentity(storage))
  }

  /** Somebody asks for sync: whoever was signed out may come back, with the next {@link admit}. */
  invite(): void {
    this.#invited = true
  }

  /** Lets in who was signed out, where somebody has asked for it or nobody is logged in any more. */
  async admit(storage: Storage): Promise<void> {
    const welcome = this.#invited || this.standing() === 'unknown'
    this.#invited = false
    if (welcome && this.#stored.signedOut !== undefined) this.remember(await readmit(storage))
  }

  /**
   * A database that is nobody's becomes that of who is logged in; with `again`, also what others wrote since it is
   * theirs is put away.
   */
  async claim(parts: ClaimParts, epoch: number, again: boolean): Promise<void> {
    const current = this.current()
    const standing = standingOf(this.#stored, current)
    if (current !== null && (standing === 'unclaimed' || (again && standing === 'ours')))
      this.remember(await claim(parts, epoch, current))
  }

  /** `tell` hears how this tab stands to the database, whenever that was looked at. */
  listen(tell: (standing: Standing) => void): void {
    this.#tell = tell
  }

  #complain(what: string): void {
    if (this.#complained) return
    this.#complained = true
    this.#report(new SyncError('bad-identity', { what }))
  }
}
