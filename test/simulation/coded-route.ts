import type { Row } from '../../src/model/change'
import type { PushRoutes, Route, Untyped } from '../../src/protocol/rest/routes'
import type { RouteCode } from './route-code'

/** A route with a function wherever one may stand, each of which does what the route would do without it. */
export function coded(url: string, route: Route, code: RouteCode): Route {
  const push = route.push as PushRoutes
  const one = code.wrap((_: Untyped, { key }: { readonly key: unknown }) => `${url}/${segment(key)}`)
  const headers = code.wrap(() => ({ 'x-app': 'simulation' }))
  const mapResponse = code.wrap((response: Untyped) => response)
  const body = push.update?.body
  return {
    ...route,
    push: {
      ...push,
      create: { ...push.create!, url: code.wrap(() => url), headers, mapResponse },
      update: { ...push.update!, url: one, headers, mapResponse, ...(body && { body: code.wrap(body) }) },
      delete: { ...push.delete!, url: one, headers, mapResponse },
    },
    pull: {
      ...route.pull!,
      url: code.wrap(() => url),
      query: code.wrap(() => ({})),
      headers,
      mapResponse: code.wrap((response: Untyped) => rowsIn(response)),
      onComplete: code.wrap(() => undefined),
      tombstone: code.wrapAtOnce((row) => row.deleted_at !== undefined && row.deleted_at !== null),
    },
    read: { url: code.wrap(({ id }: Untyped) => `${url}/${segment(id)}`), mapResponse },
  }
}

function segment(key: unknown): string {
  return encodeURIComponent(String(key))
}

/** Lists come bare or under `data`; what is neither is for the library to find out. */
function rowsIn(response: Untyped): Row[] {
  return Array.isArray(response) ? response : (response?.data ?? response)
}
