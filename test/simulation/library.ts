import type { SyncConfig } from '../../src/config'
import { resource } from '../../src/protocol/rest/resource'
import { defineRoutes } from '../../src/protocol/rest/routes'
import { createSync } from '../../src/sync'
import type { Swarm } from './swarm'
import type { StartEngine } from './world'

/** The library itself, with its own defaults where a seed has nothing to say. */
export const startLibrary: StartEngine = (
  db,
  environment,
  config,
  { identity, onConflict, getHeaders, onAuthError },
) =>
  createSync(
    db,
    {
      ...configOf(config),
      identity,
      ...(onConflict && { conflicts: { onConflict } }),
      auth: { getHeaders, onAuthError },
    },
    environment,
  )

function configOf({ routes, pageSize, concurrency, batchSize, interval }: Swarm): SyncConfig {
  return {
    baseUrl: 'https://api.example.com',
    autoStart: false,
    routes: defineRoutes({
      posts: resource('/api/posts', routes.posts),
      comments: resource('/api/comments', routes.comments),
      notes: resource('/api/notes', routes.notes),
    }),
    sync: { interval, push: { concurrency, batchSize }, pull: { pageSize } },
  }
}
