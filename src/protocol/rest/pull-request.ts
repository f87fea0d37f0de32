import { isRow } from '../../keys/key-in-row'
import { SyncError } from '../../model/error'
import type { HttpRequest } from '../../transport/answer'
import { toHeaderValues } from '../../transport/headers'
import type { KeysetAsk } from './keyset'
import type { PullContext, PullRoute, Query } from './routes'
import type { RestTable } from './table'
import { orderOf } from './time'
import type { UserCode } from './user-code'

/**
 * The request for one page.
 *
 * @throws SyncError `user-code-failed`
 */
export async function pullRequest(
  table: RestTable,
  route: PullRoute,
  context: PullContext,
  ask: KeysetAsk,
  user: UserCode,
  signal: AbortSignal,
): Promise<HttpRequest> {
  const name = `routes.${table.name}.pull`
  const url = await ownOr(route.url, 'url')
  if (typeof url !== 'string')
    throw new SyncError('user-code-failed', { what: `${name}.url answered no text` })
  const query = (await ownOr(route.query, 'query')) ?? {}
  if (!isRow(query)) throw new SyncError('user-code-failed', { what: `${name}.query answered no object` })
  const headers = toHeaderValues((await ownOr(route.headers, 'headers')) ?? {})
  if (!headers) throw new SyncError('user-code-failed', { what: `${name}.headers cannot be sent` })
  return {
    method: route.method ?? 'GET',
    url: withQuery(url, { ...strategyQuery(route, context, ask), ...query }, `${name}.query`),
    headers,
  }

  async function ownOr<T>(
    option: T | ((context: PullContext) => T | Promise<T>) | undefined,
    part: string,
  ): Promise<T | undefined> {
    if (typeof option !== 'function') return option
    return user.call(`${name}.${part}`, () => (option as (context: PullContext) => T)(context), signal)
  }
}

/** What the declared checkpoint asks with; nothing where the route does it all itself. */
function strategyQuery({ checkpoint }: PullRoute, context: PullContext, { from }: KeysetAsk): Query {
  if (!checkpoint) return {}
  const limit = { [checkpoint.limitParam ?? 'limit']: context.limit }
  switch (checkpoint.type) {
    case 'keyset':
      return {
        [checkpoint.param ?? 'updated_after']: from?.at,
        ...(from?.key === undefined ? {} : { [checkpoint.keyParam ?? 'after_id']: textOf(from.key) }),
        ...limit,
      }
    case 'version':
      return { [checkpoint.param ?? 'since']: from?.at, ...limit }
    case 'cursor':
      return { [checkpoint.param ?? 'cursor']: textOf(context.checkpoint), ...limit }
  }
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined
  return typeof value === 'string' || orderOf(value) !== undefined ? String(value) : JSON.stringify(value)
}

function withQuery(url: string, query: Query, name: string): string {
  const params = new URLSearchParams()
  for (const [param, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue
    if (!isParam(value))
      throw new SyncError('user-code-failed', {
        what: `${name}.${param} is no text, number, boolean or date`,
      })
    params.append(param, value instanceof Date ? value.toISOString() : String(value))
  }
  const text = params.toString()
  if (text === '') return url
  return `${url}${url.includes('?') ? '&' : '?'}${text}`
}

/** NaN and invalid dates are mistakes of a calculation: sent, they would ask for everything or nothing. */
function isParam(value: unknown): value is string | number | boolean | Date {
  return typeof value === 'string' || typeof value === 'boolean' || orderOf(value) !== undefined
}
