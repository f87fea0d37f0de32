import type { Environment } from '../environment'
import type { Reason } from '../model/outcome'
import type { Login } from '../protocol/protocol'

/** ms until a login that looked new and was refused is tried again; doubled each time. */
const firstWait = 60_000
const longestWait = 3_600_000

/**
 * Whether the login is missing, and a quiet look at whether it is back: a person who logs in in another tab calls
 * nothing here. The server is only asked where there is something new to ask with, and less and less often where that
 * is refused (headers that differ each time are no new login).
 */
export class LoginWatch {
  #missing: Reason | undefined
  #looking = false
  #tries = 0
  /** Monotonic, ms. */
  #nextTry = 0
  readonly #login: Login | undefined
  readonly #env: Pick<Environment, 'monotonic'>
  readonly #over: AbortSignal

  constructor(login: Login | undefined, env: Pick<Environment, 'monotonic'>, over: AbortSignal) {
    this.#login = login
    this.#env = env
    this.#over = over
  }

  /** Why nothing goes; undefined = a login is there, as far as anybody knows. */
  get missing(): Reason | undefined {
    return this.#missing
  }

  miss(reason: Reason): void {
    this.#missing = reason
  }

  /** Somebody asks, so the login is tried whatever it looks like. */
  hurry(): void {
    this.#missing = undefined
    this.#tries = 0
    this.#nextTry = 0
  }

  /** Tries again where there is something to try with. `moved`: the person or the connection has just come back. */
  async look(moved: boolean): Promise<void> {
    if (!this.#missing || !this.#login || this.#looking || this.#env.monotonic() < this.#nextTry) return
    this.#looking = true
    const back = await this.#login.mayBeBack(moved, this.#over)
    this.#looking = false
    if (!back) return
    this.#missing = undefined
    this.#nextTry = this.#env.monotonic() + Math.min(firstWait * 2 ** this.#tries++, longestWait)
  }
}
