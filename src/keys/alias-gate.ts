import type { Alias } from '../model/alias'
import type { Key } from '../model/change'
import type { AliasMap } from './alias-map'
import { keyText } from './key-text'

/** A temporary key an operation names. */
export interface NamedKey {
  readonly table: string
  readonly key: Key
}

interface Waiting {
  readonly names: readonly NamedKey[]
  readonly go: () => void
}

/**
 * Keeps the operations of one read-write transaction in order while one of them looks up whether a temporary key it
 * names has become a real one (decision 5). Nothing waits in transactions that name none.
 */
export class AliasGate {
  readonly #known: AliasMap
  readonly #read: (names: readonly NamedKey[]) => PromiseLike<readonly (Alias | undefined)[]>
  /** What this transaction has looked up; null = there is no alias, and none can come while we are open. */
  readonly #seen = new Map<string, Key | null>()
  readonly #waiting: Waiting[] = []
  #busy = false

  constructor(
    known: AliasMap,
    read: (names: readonly NamedKey[]) => PromiseLike<readonly (Alias | undefined)[]>,
  ) {
    this.#known = known
    this.#read = read
  }

  /** Runs an operation in its turn, once {@link resolve} can answer for every key it names. */
  pass<T>(names: readonly NamedKey[], operation: () => Promise<T>): Promise<T> {
    if (!this.#busy && this.#waiting.length === 0 && this.#unseen(names).length === 0) return operation()
    return new Promise<void>((go) => {
      this.#waiting.push({ names, go })
      this.#next()
    }).then(() => {
      // The zone of the caller is back here, and only now may the next one go: the order of requests is theirs.
      this.#busy = false
      try {
        return operation()
      } finally {
        this.#next()
      }
    })
  }

  /** The server's key of a temporary one, or the key itself. */
  resolve(table: string, key: Key): Key {
    return this.#seen.get(nameText({ table, key })) ?? this.#known.resolve(table, key)
  }

  /** A key drawn just now has no alias. */
  isNew(name: NamedKey): void {
    this.#seen.set(nameText(name), null)
  }

  #unseen(names: readonly NamedKey[]): NamedKey[] {
    return names.filter((name) => !this.#seen.has(nameText(name)) && !this.#known.get(name.table, name.key))
  }

  #next(): void {
    const first = this.#waiting[0]
    if (this.#busy || !first) return
    this.#busy = true
    const unseen = this.#unseen(first.names)
    const go = () => {
      this.#waiting.shift()
      first.go()
    }
    if (unseen.length === 0) go()
    else this.#lookUp(unseen, go)
  }

  #lookUp(unseen: readonly NamedKey[], go: () => void): void {
    this.#read(unseen).then(
      (aliases) => {
        unseen.forEach((name, i) => {
          this.#seen.set(nameText(name), aliases[i]?.key ?? null)
        })
        go()
      },
      go, // only a transaction that is over cannot read: the operation itself will say so
    )
  }
}

function nameText({ table, key }: NamedKey): string {
  return `${table} ${keyText(key)}`
}
