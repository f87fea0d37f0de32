/** A row at the server. Keys are compared as text, as they stand in an address. */
export type ServerRow = Record<string, unknown>

/** The rows of a test backend, in memory, with a clock of its own: every write gets a later time than the one before. */
export interface BackendStore {
  /** All rows of a table in the order they were made, deleted ones with their tombstone included. */
  all(table: string): ServerRow[]
  get(table: string, id: unknown): ServerRow | undefined
  put(table: string, row: ServerRow): ServerRow
  remove(table: string, id: unknown): void
  /** The next integer id of a table, from 1. */
  nextId(table: string): number
  /** Time of the next write, ms; moves on by `step` with each call. */
  now(): number
}

/** `step` 0 gives all rows one time: what a bulk import leaves behind. */
export function createStore({ start = Date.UTC(2030, 0, 1), step = 1000 } = {}): BackendStore {
  const tables = new Map<string, Map<string, ServerRow>>()
  const ids = new Map<string, number>()
  let time = start
  const rowsOf = (table: string) => {
    const rows = tables.get(table) ?? new Map<string, ServerRow>()
    tables.set(table, rows)
    return rows
  }
  return {
    all: (table) => [...rowsOf(table).values()],
    get: (table, id) => rowsOf(table).get(String(id)),
    put(table, row) {
      rowsOf(table).set(String(row.id), row)
      return row
    },
    remove: (table, id) => void rowsOf(table).delete(String(id)),
    nextId(table) {
      const id = (ids.get(table) ?? 0) + 1
      ids.set(table, id)
      return id
    },
    now() {
      time += step
      return time
    },
  }
}
