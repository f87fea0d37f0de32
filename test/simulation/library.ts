import type { SyncConfig } from '../../src/config'
import { resource } from '../../src/protocol/rest/resource'
import { defineRoutes, type PushRoutes, type Route } from '../../src/protocol/rest/routes'
import { createSync } from '../../src/sync'
import { coded } from './coded-route'
import type { RouteCode } from './route-code'
import type { RouteShape, Swarm } from './swarm'
import type { StartEngine } from './world'

/** The library itself, with its own defaults where a seed has nothing to say. */
export const startLibrary: StartEngine = (
  db,
  environment,
  config,
  { identity, onConflict, getHeaders, onAuthError, code },
) =>
  createSync(
    db,
    {
      ...configOf(config, code),
      identity,
      ...(onConflict && { conflicts: { onConflict } }),
      auth: { getHeaders, onAuthError },
    },
    environment,
  )

function configOf(
  { routes, pageSize, concurrency, batchSize, interval }: Swarm,
  code: RouteCode,
): SyncConfig {
  const made = (url: string, shape: RouteShape | undefined) => {
    const plain = route(url, shape)
    return code.used ? coded(url, plain, code) : plain
  }
  return {
    baseUrl: 'https://api.example.com',
    autoStart: false,
    routes: defineRoutes({
      posts: made('/api/posts', routes.posts),
      comments: made('/api/comments', routes.comments),
      notes: made('/api/notes', routes.notes),
    }),
    sync: { interval, push: { concurrency, batchSize }, pull: { pageSize } },
  }
}

function route(url: string, { order, ...options }: Partial<RouteShape> = {}): Route {
  if (order === undefined) return resource(url, options)
  if (order === 'time') return resource(url, { ...options, updatedAt: 'updated_at' })
  const made = resource(url, { ...options, version: 'version', verify: 'none' })
  const push = made.push as PushRoutes
  return {
    ...made,
    push: {
      ...push,
      update: {
        ...push.update!,
        body: (row, { changes, base }) => ({
          ...(options.update === 'PUT' ? row : changes),
          version: base?.version,
        }),
      },
      delete: { ...push.delete!, body: (_, { base }) => ({ version: base?.version }) },
    },
  }
}
