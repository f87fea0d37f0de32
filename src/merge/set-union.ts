import { sameValue } from '../model/equal'

/**
 * What either side added to a list without what either removed, each value once: in the order of the server's list,
 * then what was added here. Undefined where one of them is no list; a missing base counts as empty.
 */
export function unite(base: unknown, local: unknown, remote: unknown): unknown[] | undefined {
  const from = base ?? []
  if (!Array.isArray(from) || !Array.isArray(local) || !Array.isArray(remote)) return undefined
  const [before, mine, theirs] = [new Values(from), new Values(local), new Values(remote)]
  const union = new Values([])
  for (const value of remote) if (mine.has(value) || !before.has(value)) union.add(value)
  for (const value of local) if (theirs.has(value) || !before.has(value)) union.add(value)
  return union.list
}

/** Values in order, each once; objects by what they hold. */
class Values {
  readonly list: unknown[] = []
  readonly #plain = new Set<unknown>()
  readonly #objects: object[] = []

  constructor(values: readonly unknown[]) {
    for (const value of values) this.add(value)
  }

  has(value: unknown): boolean {
    if (typeof value !== 'object' || value === null) return this.#plain.has(value)
    return this.#objects.some((other) => sameValue(other, value))
  }

  add(value: unknown): void {
    if (this.has(value)) return
    this.list.push(value)
    if (typeof value !== 'object' || value === null) this.#plain.add(value)
    else this.#objects.push(value)
  }
}
