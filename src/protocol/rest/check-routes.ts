import { isRow } from '../../keys/key-in-row'
import { checkConflicts } from '../../model/conflict-options'
import type { ConflictOptions } from '../../model/conflict-rules'
import { isSyncError, SyncError } from '../../model/error'
import { createAddress } from '../../transport/address'
import { unsendableHeader } from '../../transport/headers'
import type { Route } from './routes'
import {
  type Check,
  code,
  duration,
  either,
  isCode,
  isText,
  ms,
  object,
  oneOf,
  text,
  texts,
  whole,
  wrong,
} from './shape'
import type { TableShape } from './table-shape'
import { fillTemplate, parseTemplate } from './template'

/**
 * Finds every mistake in routes that can be seen before a request: called once, by `startSync`.
 *
 * @throws SyncError `bad-config` with the path of the first mistake and its mend, `unknown-table`
 */
export function checkRoutes(
  routes: unknown,
  tables: ReadonlyMap<string, TableShape>,
  place: { readonly baseUrl: string; readonly location?: string },
  conflicts: ConflictOptions = {},
): void {
  if (!isRow(routes)) throw wrong('routes', 'must be an object with a route for each table')
  const { resolve } = createAddress(place.baseUrl, place.location)
  const check = routeCheck((url, path) => checkTemplate(url as string, path, resolve), conflicts)
  for (const [name, route] of Object.entries(routes)) {
    const shape = tables.get(name)
    if (!shape) throw new SyncError('unknown-table', { what: `routes.${name}`, table: name })
    check(route, `routes.${name}`)
    checkTogether(route as Route, shape, `routes.${name}`)
  }
}

function routeCheck(template: Check, conflicts: ConflictOptions): Check {
  const url = either(
    [
      [isText, template],
      [isCode, code],
    ],
    'a template such as /api/posts/:id, or a function',
  )
  const push = (...methods: string[]) => ({
    method: oneOf(...methods),
    url,
    body: code,
    headers,
    mapResponse: code,
  })
  const create = object({ ...push('POST', 'PUT', 'PATCH'), onUnknown: oneOf('resend', 'park') }, ['url'])
  const changes = object({
    create,
    update: object(push('PATCH', 'PUT', 'POST'), ['url']),
    delete: object(push('DELETE', 'POST', 'PUT', 'PATCH'), ['url']),
    verify: oneOf('pull', 'get', 'none'),
    rateLimit: object({ requests: whole, per: duration }, ['requests', 'per']),
  })
  const pull = object(
    {
      method: oneOf('GET', 'POST'),
      url,
      query: either(
        [
          [isCode, code],
          [isRow, anything],
        ],
        'an object or a function',
      ),
      headers,
      mapResponse: code,
      checkpoint,
      tombstone: either(
        [
          [(value) => value === false || isText(value) || isCode(value), anything],
          [Array.isArray, texts],
        ],
        'a field, a list of fields, a function or false',
      ),
      onComplete: code,
    },
    ['url'],
  )
  return object({
    push: either(
      [
        [(value) => value === false, anything],
        [isRow, changes],
      ],
      'an object, or false',
    ),
    pull,
    read: object({ url, mapResponse: code }, ['url']),
    key: oneOf('server', 'client'),
    version: text,
    serverFields: texts,
    conflicts: (value, path) => checkConflicts(value, path, conflicts),
  })
}

const anything: Check = () => {}

const headers: Check = either(
  [
    [isCode, code],
    [
      isRow,
      (value, path) => {
        const bad = unsendableHeader(value as Record<string, unknown>)
        if (bad !== undefined)
          throw wrong(`${path}.${bad}`, 'cannot be sent: a header is Latin-1 text on one line')
      },
    ],
  ],
  'an object of texts, or a function',
)

const checkpoint: Check = (value, path) => {
  const type = isRow(value) ? value.type : undefined
  oneOf(...Object.keys(strategies))(type, `${path}.type`)
  strategies[type as keyof typeof strategies](value, path)
}

const strategies = {
  keyset: object(
    {
      type: anything,
      field: either(
        [
          [isText, text],
          [Array.isArray, texts],
        ],
        'a field, or a list of fields',
      ),
      key: text,
      overlap: ms,
      param: text,
      keyParam: text,
      limitParam: text,
    },
    ['field'],
  ),
  version: object({ type: anything, field: text, param: text, limitParam: text }, ['field']),
  cursor: object({ type: anything, field: text, param: text, limitParam: text }),
} as const

/** A template must be an address under `baseUrl` whatever its fields hold. */
function checkTemplate(url: string, path: string, resolve: (url: string) => URL): void {
  try {
    resolve(fillTemplate(parseTemplate(url), () => 'x'))
  } catch (cause) {
    if (!isSyncError(cause)) throw cause
    throw new SyncError('bad-config', { what: `${path} must be an address under baseUrl`, cause })
  }
}

/** What single options cannot tell. */
function checkTogether(route: Route, shape: TableShape, path: string): void {
  const push = route.push || undefined
  const changes = push && (['create', 'update', 'delete'] as const).filter((kind) => push[kind])
  if (!route.pull && !changes?.length) throw wrong(path, 'must have push or pull')
  if (push && !changes?.length) throw wrong(`${path}.push`, 'must have create, update or delete; or be false')
  if (shape.keyPath === null)
    throw wrong(path, 'needs a table whose rows hold their primary key; name one in stores()')
  const serverKeys = (route.key ?? (shape.auto ? 'server' : 'client')) === 'server'
  if (serverKeys && Array.isArray(shape.keyPath))
    throw wrong(
      `${path}.key`,
      "must be 'client': a server cannot give the key of a table with a compound one",
    )
  const keyNames = ['key', shape.keyPath, ...(shape.keyPath === 'id' ? ['id'] : [])]
  if (serverKeys && typeof push?.create?.url === 'string') {
    const early = parseTemplate(push.create.url).names.find((name) => keyNames.includes(name))
    if (early)
      throw wrong(`${path}.push.create.url`, `must do without :${early}, which the server has yet to make`)
  }
  if (typeof route.pull?.url === 'string' && parseTemplate(route.pull.url).names.length > 0)
    throw wrong(`${path}.pull.url`, 'must have no :names, since there is no row yet; use a function')
  for (const kind of ['update', 'delete'] as const) {
    const url = push?.[kind]?.url
    if (typeof url === 'string' && parseTemplate(url).names.length === 0 && !push?.[kind]?.body)
      throw wrong(`${path}.push.${kind}.url`, 'must name the record: add /:key')
  }
  if (typeof route.read?.url === 'string' && parseTemplate(route.read.url).names.length === 0)
    throw wrong(`${path}.read.url`, 'must name the record: add /:key')
}
