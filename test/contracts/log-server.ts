import { type ApiAnswer, type Backend, createBackend, type ServerRow } from '../support/backend'
import type { ApiRequest } from '../support/backend-semantics'

/** One change of one row, as the log protocol puts it on the wire. `was`: the values it was made on. */
export interface Mutation {
  readonly table: string
  readonly kind: 'create' | 'update' | 'delete'
  readonly id?: string | number
  readonly set?: ServerRow
  readonly unset?: readonly string[]
  readonly was?: ServerRow
}

/** Why one mutation of a refused batch is at fault. `row`: as it is at the server, null = gone. */
export interface Fault {
  readonly index: number
  readonly message: string
  readonly row?: ServerRow | null
}

export interface LogPage {
  readonly rev: number
  readonly more: boolean
  readonly writes: readonly {
    readonly table: string
    readonly id: string | number
    readonly row: ServerRow | null
  }[]
  /** Batches applied within this page, with the id of each mutation's row. */
  readonly applied: readonly { readonly batch: string; readonly ids: readonly (string | number)[] }[]
}

export interface LogServer {
  /** Its wire, with scripted faults. Its store is not used. */
  readonly backend: Backend
  rows(table: string): ServerRow[]
  /** Somebody else writes or (null) removes a row. */
  write(table: string, id: string | number, row: ServerRow | null): void
  nextId(): number
}

export interface LogOptions {
  /** Refuses a batch without a word on who is at fault. */
  readonly silent?: boolean
  /** Applies a batch only after so many pages have been asked for. */
  readonly slowness?: number
}

/**
 * A server that keeps one log of all writes with one number over the whole database. Rows carry neither version nor
 * time. A batch is applied whole or refused with its faults; that it was applied is told by the log alone. A batch id
 * is answered the same for ever, and must not come again with other content.
 */
export function createLogServer(refuses: (row: ServerRow) => boolean, options: LogOptions = {}): LogServer {
  const log: { table: string; id: string | number; row: ServerRow | null }[] = []
  const batches: { batch: string; ids: (string | number)[]; rev: number }[] = []
  const answers = new Map<string, { text: string; answer: ApiAnswer }>()
  let late: { pages: number; readonly apply: () => void }[] = []
  let lastId = 0

  const find = (table: string, id: unknown) =>
    log.filter((one) => one.table === table && one.id === id).at(-1)?.row ?? undefined
  const write: LogServer['write'] = (table, id, row) =>
    void log.push({ table, id, row: row && { ...row, id } })

  function push({ headers, body }: ApiRequest): ApiAnswer {
    const batch = headers.get('idempotency-key') ?? ''
    const text = JSON.stringify(body)
    const known = answers.get(batch)
    if (known)
      return known.text === text ? known.answer : { status: 422, body: { error: 'batch id used twice' } }
    const { mutations } = body as { mutations: Mutation[] }
    const faults = mutations.flatMap((mutation, index) => faultOf(mutation, index))
    if (faults.length === 0) late.push({ pages: options.slowness ?? 0, apply: () => apply(batch, mutations) })
    work()
    const refusal = options.silent ? { status: 422, body: {} } : { status: 200, body: { faults } }
    const answer = faults.length > 0 ? refusal : { status: 202, body: { heard: true } }
    answers.set(batch, { text, answer })
    return answer
  }

  function faultOf({ table, kind, id, set = {}, was = {} }: Mutation, index: number): Fault[] {
    if (refuses(set)) return [{ index, message: 'not like this' }]
    const row = id === undefined ? undefined : find(table, id)
    if (kind === 'create') return row ? [{ index, message: 'exists', row }] : []
    if (!row) return kind === 'update' ? [{ index, message: 'gone', row: null }] : []
    const changed = Object.keys(was).some(
      (field) => JSON.stringify(was[field]) !== JSON.stringify(row[field]),
    )
    return changed ? [{ index, message: 'changed meanwhile', row }] : []
  }

  function apply(batch: string, mutations: readonly Mutation[]): void {
    const ids = mutations.map(({ table, kind, id, set, unset = [] }) => {
      const own = id ?? ++lastId
      const row: ServerRow = { ...find(table, own), ...set }
      for (const field of unset) delete row[field]
      write(table, own, kind === 'delete' ? null : row)
      return own
    })
    batches.push({ batch, ids, rev: log.length })
  }

  function work(): void {
    for (const one of late) if (one.pages <= 0) one.apply()
    late = late.filter(({ pages }) => pages > 0)
  }

  function pull({ query }: ApiRequest): ApiAnswer {
    for (const one of late) one.pages -= 1
    const since = Number(query.get('since') ?? 0)
    const rev = Math.min(log.length, since + Number(query.get('limit')))
    const page: LogPage = {
      rev,
      more: rev < log.length,
      writes: log.slice(since, rev),
      applied: batches.filter((one) => one.rev > since && one.rev <= rev),
    }
    work()
    return { status: 200, body: page }
  }

  const backend = createBackend({
    semantics: (request) => (request.table === 'push' ? push(request) : pull(request)),
  })
  return {
    backend,
    write,
    nextId: () => ++lastId,
    rows(table) {
      const newest = new Map(log.filter((one) => one.table === table).map(({ id, row }) => [id, row]))
      return [...newest.values()].filter((row) => row !== null)
    },
  }
}
