import type { BackendStore, ServerRow } from './backend-store'

/** A request as a backend's code sees it: `/api/<table>` or `/api/<table>/<id>`. */
export interface ApiRequest {
  readonly method: string
  readonly table: string
  readonly id: string | undefined
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly body: unknown
}

/** `body` leaves as JSON; `text` as it is. */
export interface ApiAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly text?: string
}

/** What a backend does with a request. */
export type Semantics = (request: ApiRequest, store: BackendStore) => ApiAnswer

/**
 * The Express code of the Quick Start: ids made here, whole rows by PUT, deletions without a trace, `updated_after`
 * compared with `>`, no pages, no idempotency; what is not there fails as an unhandled error does.
 */
export const seedSemantics: Semantics = (request, store) => {
  const { method, table, id, query } = request
  if (method === 'GET' && id === undefined) {
    const after = new Date(Number(query.get('updated_after') ?? '0')).getTime()
    const newer = store.all(table).filter((row) => timeOf(row.updatedAt) > after)
    return { status: 200, body: { data: newer.sort((a, b) => timeOf(a.updatedAt) - timeOf(b.updatedAt)) } }
  }
  if (method === 'POST' && id === undefined) {
    const row = { id: store.nextId(table), ...asRow(request.body), updatedAt: iso(store.now()) }
    return { status: 201, body: store.put(table, row) }
  }
  const row = id === undefined ? undefined : store.get(table, id)
  if (!row) return { status: 500, headers: html, text: '<!doctype html><title>Error</title>' }
  if (method === 'PUT') {
    const next = { ...row, ...asRow(request.body), id: row.id, updatedAt: iso(store.now()) }
    return { status: 200, body: store.put(table, next) }
  }
  if (method === 'DELETE') {
    store.remove(table, id)
    return { status: 204 }
  }
  return { status: 404, headers: html, text: '<!doctype html><title>Error</title>' }
}

export interface GoodOptions {
  /** Answers 409 with its row when `version` or `If-Match` names an older one; else the last write wins. */
  readonly answersConflicts?: boolean
  /** Remembers answers by Idempotency-Key. On unless told. */
  readonly idempotent?: boolean
  /** Why a row is refused with 422, or undefined. */
  readonly validate?: (row: ServerRow, table: string) => string | undefined
  /** Lists hold at most this many rows whatever `limit` asks for. */
  readonly maxLimit?: number
}

/**
 * A backend as one would build it for sync: Idempotency-Key honoured, tombstones, `updated_at` and `version` of its
 * own, pages by `updated_after` (compared with `>=`) and `limit`, PATCH and PUT, keys of the client where it sends one.
 */
export function goodSemantics(options: GoodOptions = {}): Semantics {
  const { idempotent = true } = options
  const answers = new Map<string, { readonly request: string; readonly answer: ApiAnswer }>()
  return (request, store) => {
    const key = idempotent ? request.headers.get('idempotency-key') : null
    if (!key || request.method === 'GET') return answer(request, store, options)
    const text = JSON.stringify([request.method, request.table, request.id, request.body])
    const known = answers.get(key)
    if (known) return known.request === text ? known.answer : { status: 422, body: { error: 'key reused' } }
    const fresh = answer(request, store, options)
    if (fresh.status < 500) answers.set(key, { request: text, answer: fresh })
    return fresh
  }
}

function answer(request: ApiRequest, store: BackendStore, options: GoodOptions): ApiAnswer {
  const { method, table, id } = request
  if (id === undefined)
    return method === 'GET' ? list(request, store, options) : create(request, store, options)
  const row = store.get(table, id)
  if (!row || row.deleted_at) return { status: 404, body: { error: 'not found' } }
  if (method === 'GET') return { status: 200, headers: etag(row), body: row }
  if (options.answersConflicts && isStale(request, row)) return { status: 409, body: row }
  if (method === 'DELETE') {
    store.put(table, { ...stamped(row, store), deleted_at: iso(store.now()) })
    return { status: 204 }
  }
  const fields = asRow(request.body)
  const next = { ...(method === 'PUT' ? fields : { ...row, ...fields }), id: row.id }
  const complaint = options.validate?.(next, table)
  if (complaint) return { status: 422, body: { error: complaint } }
  const stored = store.put(table, stamped({ ...next, version: row.version }, store))
  return { status: 200, headers: etag(stored), body: stored }
}

function list(
  { table, query }: ApiRequest,
  store: BackendStore,
  { maxLimit = 10_000 }: GoodOptions,
): ApiAnswer {
  const after = query.get('updated_after')
  const from = after === null ? Number.NEGATIVE_INFINITY : timeOf(/^\d+$/.test(after) ? Number(after) : after)
  const rows = store
    .all(table)
    .filter((row) => timeOf(row.updated_at) >= from)
    .sort((a, b) => timeOf(a.updated_at) - timeOf(b.updated_at))
  return { status: 200, body: { data: rows.slice(0, Math.min(Number(query.get('limit') ?? 500), maxLimit)) } }
}

function create({ table, body }: ApiRequest, store: BackendStore, { validate }: GoodOptions): ApiAnswer {
  const fields = asRow(body)
  const known = fields.id === undefined ? undefined : store.get(table, fields.id)
  if (known && !known.deleted_at) return { status: 409, body: known }
  const complaint = validate?.(fields, table)
  if (complaint) return { status: 422, body: { error: complaint } }
  const row = store.put(table, stamped({ id: store.nextId(table), ...fields, version: 0 }, store))
  return { status: 201, headers: etag(row), body: row }
}

/** The row as the server keeps it after a write: the next version, its own time. */
export function stamped(row: ServerRow, store: BackendStore): ServerRow {
  return { ...row, version: Number(row.version ?? 0) + 1, updated_at: iso(store.now()) }
}

function isStale(request: ApiRequest, row: ServerRow): boolean {
  const match = request.headers.get('if-match')
  if (match !== null) return match !== etag(row).etag
  const told = asRow(request.body).version
  return told !== undefined && told !== row.version
}

const html = { 'content-type': 'text/html' }
const etag = (row: ServerRow) => ({ etag: `"${String(row.version)}"` })
const iso = (time: number) => new Date(time).toISOString()

function timeOf(value: unknown): number {
  return typeof value === 'number' ? value : new Date(String(value)).getTime()
}

function asRow(body: unknown): ServerRow {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {}
}
