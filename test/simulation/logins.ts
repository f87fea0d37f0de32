import type { HttpRequest } from './http'
import { type Prng, prng } from './prng'
import { Struck } from './struck'

/** What goes wrong with logins, and how probable it is. */
export interface LoginShape {
  /** Requests need a token. */
  readonly needed: boolean
  /** Probability that a token runs out with a request. */
  readonly expires: number
  /** Probability that a function of the app that deals with logins throws, and that it never answers. */
  readonly throws: number
  readonly hangs: number
}

/** Names whoever is logged in on a device. */
export type User = string

/**
 * Tokens as a backend hands them out: `user.serial`, of which only the last one of each device is good. The server
 * checks them; the app of a device holds one and renews it.
 */
export class Logins {
  private readonly good = new Map<string, string>()
  private readonly users = new Map<string, User>()
  private readonly held = new Map<string, string>()
  private readonly changes = new Map<string, number>()
  private serial = 0
  private healed = false

  constructor(
    private readonly shape: LoginShape,
    private readonly faults: Prng,
    private readonly struck: Struck,
  ) {}

  /** From now on tokens last, and the app's functions answer. */
  heal(): void {
    this.healed = true
  }

  /** Somebody logs in on a device. */
  logIn(device: string, user: User): void {
    this.users.set(device, user)
    this.changes.set(device, this.serialOf(device) + 1)
    this.renew(device)
  }

  user(device: string): User {
    return this.users.get(device)!
  }

  /** How often somebody has logged in on a device. */
  serialOf(device: string): number {
    return this.changes.get(device) ?? 0
  }

  /** The app's `getHeaders`: the token it holds, good or not. */
  async headers(device: string): Promise<Record<string, string> | null> {
    const token = this.held.get(device)
    await this.weather()
    return token === undefined ? null : { authorization: `Bearer ${token}` }
  }

  /** The app's `onAuthError`: it fetches another token. */
  async refresh(device: string): Promise<void> {
    await this.weather()
    this.renew(device)
  }

  /** Whose request it is; undefined = 401. */
  whose({ headers }: HttpRequest, device: string): User | undefined {
    const token = headers.authorization?.replace('Bearer ', '')
    if (!this.shape.needed) return token?.split('.')[0] ?? this.users.get(device)
    if (token === undefined || token !== this.good.get(device)) return undefined
    if (!this.healed && this.faults.chance(this.shape.expires)) {
      this.good.delete(device)
      return undefined
    }
    return token.split('.')[0]
  }

  private renew(device: string): void {
    const token = `${this.user(device)}.${++this.serial}`
    this.good.set(device, token)
    this.held.set(device, token)
  }

  /** Functions of an app that throw or never answer (I13). */
  private async weather(): Promise<void> {
    if (this.healed) return
    if (this.faults.chance(this.shape.throws)) {
      this.struck.count('login-throws')
      throw new Error('the app failed')
    }
    if (!this.faults.chance(this.shape.hangs)) return
    this.struck.count('login-hangs')
    await new Promise(() => {})
  }
}

/** No token is asked for: for tests of other things. */
export function openLogins(...devices: string[]): Logins {
  const logins = new Logins(
    { needed: false, expires: 0, throws: 0, hangs: 0 },
    prng(1, 'logins'),
    new Struck(),
  )
  for (const device of devices) logins.logIn(device, 'ada')
  return logins
}
