import type { Effect, SoakTable, Told } from './told'

/** One effect of a deed on a device. Times are places in the order in which the run was told. */
export interface Account extends Effect {
  readonly deed: string
  readonly device: string
  readonly begun: number
  /** When it was acknowledged; absent where nobody knows whether it was written. */
  done?: number
}

/** What the pages of all devices have told. */
export class Ledger {
  readonly #deeds = new Map<string, Account[]>()
  readonly #keys = new Map<string, string>()
  readonly #told = new Map<string, Told>()
  #time = 0
  /** Deeds that threw, with what. */
  readonly thrown: string[] = []
  readonly errors = new Map<string, number>()
  /** Writes acknowledged. */
  acknowledged = 0

  hear(device: string, told: Told): void {
    this.#time += 1
    if (told.what === 'begun') {
      const begun = this.#time
      this.#deeds.set(
        told.deed,
        told.effects.map((effect) => ({ ...effect, deed: told.deed, device, begun })),
      )
    } else if (told.what === 'done') this.#finish(device, told)
    else if (told.what === 'threw') this.thrown.push(`${told.deed}: ${told.error}`)
    else if (told.what === 'error') this.errors.set(told.code, (this.errors.get(told.code) ?? 0) + 1)
    else this.#told.set(`${device} ${told.what} ${told.id}`, told)
  }

  #finish(device: string, { deed, outcome, keys }: Extract<Told, { what: 'done' }>): void {
    const accounts = this.#deeds.get(deed) ?? []
    if (outcome === 'none') this.#deeds.delete(deed)
    if (outcome !== 'all') return
    for (const [place, account] of accounts.entries()) {
      account.done = this.#time
      if (keys) this.#keys.set(`${device} ${account.table} ${keys[place]}`, account.mark)
    }
    this.acknowledged += accounts.length
  }

  /** By table and mark, oldest first. */
  accounts(): Map<string, Account[]> {
    const rows = new Map<string, Account[]>()
    for (const account of [...this.#deeds.values()].flat()) {
      const row = `${account.table} ${account.mark}`
      const accounts = rows.get(row)
      if (accounts) accounts.push(account)
      else rows.set(row, [account])
    }
    return rows
  }

  /** Conflicts and dead letters of all devices. */
  count(what: 'conflict' | 'dead-letter'): number {
    return [...this.#told.values()].filter((one) => one.what === what).length
  }

  /** The rows that a device was told of, as `device table mark`, each with the codes of its dead letters. */
  told(markOf: (table: SoakTable, key: unknown) => string): Map<string, string[]> {
    const rows = new Map<string, string[]>()
    for (const [name, told] of this.#told) {
      if (told.what !== 'conflict' && told.what !== 'dead-letter') continue
      const device = name.split(' ')[0]!
      const { table, key } = told
      const mark = this.#keys.get(`${device} ${table} ${key}`) ?? markOf(table, key)
      const codes = rows.get(`${device} ${table} ${mark}`) ?? []
      rows.set(`${device} ${table} ${mark}`, told.what === 'dead-letter' ? [...codes, told.code] : codes)
    }
    return rows
  }
}
