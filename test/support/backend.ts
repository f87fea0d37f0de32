import { createFaults, type Faults, type Logged, type Match, matches } from './backend-faults'
import { type Listening, listen } from './backend-http'
import type { ApiAnswer, ApiRequest, Semantics } from './backend-semantics'
import { goodSemantics, stamped } from './backend-semantics'
import { type BackendStore, createStore, type ServerRow } from './backend-store'

export type { Held, Logged, Match } from './backend-faults'
export { type ApiAnswer, goodSemantics, seedSemantics } from './backend-semantics'
export type { ServerRow } from './backend-store'

/** A REST server of a test: in memory, its faults scripted, its requests written down. */
export interface Backend extends Faults {
  readonly store: BackendStore
  /** Rows that are there: no tombstones. */
  rows(table: string): ServerRow[]
  /** Somebody else makes, changes or removes a row: stamped as the backend stamps its own writes. */
  insert(table: string, fields: ServerRow): ServerRow
  change(table: string, id: unknown, fields: ServerRow): ServerRow
  erase(table: string, id: unknown): void
  /** Every request that came, oldest first. */
  readonly requests: readonly Logged[]
  /** Those that match. */
  asked(match: Match): Logged[]
  /** The next request that matches, from now on. */
  nextRequest(match?: Match): Promise<Logged>
  /** Nobody can reach it until `up`. */
  down(): void
  up(): void
  /** The backend without a wire, for tests under virtual time: as `fetch`. */
  fetch(input: Request): Promise<Response>
  /** Opens a real server on 127.0.0.1 at a free port and answers its address. */
  listen(): Promise<Listening>
}

export interface BackendOptions {
  readonly semantics?: Semantics
  readonly store?: BackendStore
  /** Asked before anything else; an answer stands for the backend's. */
  readonly guard?: (request: Logged) => ApiAnswer | undefined
}

/** A backend with {@link goodSemantics}, unless told otherwise. */
export function createBackend(options: BackendOptions = {}): Backend {
  const { semantics = goodSemantics(), store = createStore(), guard } = options
  const faults = createFaults()
  const requests: Logged[] = []
  const waiting: { readonly match: Match; readonly tell: (request: Logged) => void }[] = []
  let reachable = true

  async function handle(request: Request): Promise<ApiAnswer | 'lost'> {
    if (!reachable) return 'lost'
    const logged = await log(request)
    requests.push(logged)
    for (const one of waiting.filter(({ match }) => matches(logged, match))) {
      waiting.splice(waiting.indexOf(one), 1)
      one.tell(logged)
    }
    const refused = guard?.(logged)
    if (refused) return refused
    const apply = () => semantics(asApiRequest(request, logged), store)
    const fault = faults.take(logged)
    return fault ? fault(logged, apply) : apply()
  }

  return {
    ...faults,
    store,
    requests,
    rows: (table) => store.all(table).filter((row) => !row.deleted_at),
    insert: (table, fields) =>
      store.put(table, stamped({ id: store.nextId(table), ...fields, version: 0 }, store)),
    change: (table, id, fields) => store.put(table, stamped({ ...store.get(table, id), ...fields }, store)),
    erase: (table, id) => {
      const row = stamped({ ...store.get(table, id) }, store)
      store.put(table, { ...row, deleted_at: row.updated_at })
    },
    asked: (match) => requests.filter((request) => matches(request, match)),
    nextRequest: (match = {}) => new Promise((tell) => waiting.push({ match, tell })),
    down() {
      reachable = false
    },
    up() {
      reachable = true
    },
    async fetch(input) {
      const answer = await handledUnlessAborted(handle(input.clone()), input.signal)
      if (answer === 'lost') throw new TypeError('fetch failed')
      return asResponse(answer)
    },
    listen: () => listen(handle),
  }
}

const ofInterest = ['authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match']

async function log(request: Request): Promise<Logged> {
  const { pathname, searchParams } = new URL(request.url)
  const text = await request.text()
  const heard = ofInterest.flatMap((name) => {
    const value = request.headers.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  return {
    method: request.method,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: Object.fromEntries(heard),
    body: text === '' ? undefined : asJson(text),
    text,
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text // a body that is no JSON is logged as the text it is
  }
}

function asApiRequest(request: Request, { method, path, body }: Logged): ApiRequest {
  const [, table = '', id] = /^\/api\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? []
  return {
    method,
    table,
    id: id === undefined ? undefined : decodeURIComponent(id),
    query: new URL(request.url).searchParams,
    headers: request.headers,
    body,
  }
}

function asResponse({ status, headers, body, text }: ApiAnswer): Response {
  const json = { 'content-type': 'application/json' }
  if (text !== undefined) return new Response(text, { status, headers: { ...headers } })
  if (body === undefined) return new Response(null, { status, headers: { ...headers } })
  return new Response(JSON.stringify(body), { status, headers: { ...json, ...headers } })
}

function handledUnlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
