import type { Exchange } from './exchange'
import type { SoakTable } from './told'

/** Everything the backend did to one row, which goes by the mark of `told.ts`. */
export interface History {
  /** How often it was made. */
  created: number
  deleted: boolean
  /** Every text it ever had. */
  readonly values: Set<string>
}

/** What the backend did, from what it answered. A repeat of an answer is no deed. */
export class Witness {
  readonly #histories = { cards: new Map<string, History>(), people: new Map<string, History>() }
  /** The marks of cards by their keys. */
  readonly #titles = new Map<unknown, string>()

  see({ method, path, status, replayed, answer }: Exchange): void {
    if (status >= 300 || replayed) return
    const table: SoakTable = path.startsWith('/api/people') ? 'people' : 'cards'
    if (table === 'cards' && method === 'POST') this.#titles.set(answer.id, String(answer.title))
    const history = this.#open(table, this.markOf(table, answer.id))
    if (method === 'DELETE') {
      history.deleted = true
      return
    }
    // 200 to a create of a person: it was there already.
    if (status === 201) history.created += 1
    history.values.add(String(table === 'cards' ? answer.notes : answer.name))
  }

  historyOf(table: SoakTable, mark: string): History | undefined {
    return this.#histories[table].get(mark)
  }

  marks(table: SoakTable): Iterable<string> {
    return this.#histories[table].keys()
  }

  /** The mark of the row with this key; a text of its own where it was never made. */
  markOf(table: SoakTable, key: unknown): string {
    return table === 'people' ? String(key) : (this.#titles.get(key) ?? `no card ${String(key)}`)
  }

  #open(table: SoakTable, mark: string): History {
    const known = this.#histories[table].get(mark)
    if (known) return known
    const history: History = { created: 0, deleted: false, values: new Set() }
    this.#histories[table].set(mark, history)
    return history
  }
}
