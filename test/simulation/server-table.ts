import type { Row } from '../../src/model/change'

export interface TableShape {
  readonly name: string
  /** Who makes keys: the server (1, 2, 3 …) or the app (UUIDs). */
  readonly keys: 'server' | 'client'
  /** How `updated_at` travels. */
  readonly time: 'iso' | 'ms'
  /** Rows have a `version`, and a write that names an older one is refused. */
  readonly versions?: boolean
}

type Id = number | string

/** One table of the server. Rows are kept for ever; a deleted one is a tombstone with `deleted_at`. */
export interface ServerTable {
  readonly shape: TableShape
  find(id: Id): Row | undefined
  /** True where a write names another version than the row has. */
  isStale(row: Row, sent: Row): boolean
  /** True where a new row brings a key that is in use. */
  taken(sent: Row): boolean
  insert(sent: Row): Row
  replace(before: Row, sent: Row, whole: boolean): Row
  bury(before: Row): Row
  rows(): Row[]
  timeOf(row: Row): number
  readTime(text: string | null): number | undefined
  /** A row as it travels. */
  wire(row: Row): Row
}

/** `stamp`: the time of a commit, from the record's time so far. `stored` hears of every commit. */
export function serverTable(
  shape: TableShape,
  stamp: (own: number | undefined) => number,
  stored: (id: Id, row: Row) => void,
): ServerTable {
  const rows = new Map<Id, Row>()
  let lastId = 0

  const timeOf = (row: Row) => row.updated_at as number
  function store(row: Row & { readonly id: Id }): Row {
    const before = rows.get(row.id)
    const version = shape.versions ? { version: Number(before?.version ?? 0) + 1 } : {}
    const stamped = { ...row, ...version, updated_at: stamp(before && timeOf(before)) }
    rows.set(row.id, stamped)
    stored(row.id, stamped)
    return stamped
  }

  return {
    shape,
    find(id) {
      const row = rows.get(id)
      return row && row.deleted_at === undefined ? row : undefined
    },
    isStale: (row, sent) =>
      shape.versions === true && sent.version !== undefined && sent.version !== row.version,
    taken(sent) {
      const row = shape.keys === 'client' ? rows.get(sent.id as Id) : undefined
      return row !== undefined && row.deleted_at === undefined
    },
    insert(sent) {
      const id = shape.keys === 'server' ? ++lastId : (sent.id as Id)
      return store({ ...sent, id })
    },
    replace(before, sent, whole) {
      const id = before.id as Id
      return store(whole ? { ...sent, id } : { ...before, ...sent, id })
    },
    bury: (before) =>
      store({ ...before, id: before.id as Id, deleted_at: new Date(timeOf(before)).toISOString() }),
    rows: () => [...rows.values()],
    timeOf,
    readTime: (text) => (text === null ? undefined : /^\d+$/.test(text) ? Number(text) : Date.parse(text)),
    wire: (row) => ({
      ...row,
      updated_at: shape.time === 'iso' ? new Date(timeOf(row)).toISOString() : timeOf(row),
    }),
  }
}
