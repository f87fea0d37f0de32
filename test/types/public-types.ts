import Dexie from 'dexie'
import { defineRoutes, isSyncError, resource, SyncError, startSync } from 'dexie-rest-sync'

// Checked by `npm run check:types`: what must compile does, and what must not, does not.

const db = new Dexie('types')
const baseUrl = 'https://api.example.com'
const routes = defineRoutes({ posts: resource('/api/posts') })
const sync = startSync(db, { baseUrl, routes })

export function whatMustCompile(): void {
  startSync(db, { baseUrl, routes, auth: { getHeaders: () => null } })
  startSync(db, { baseUrl, routes, auth: { getHeaders: async () => ({ Authorization: 'Bearer x' }) } })
  sync.on('conflict', ({ table, fields, decision }) => [table.length, fields.length, decision === 'parked'])
  startSync(db, {
    baseUrl,
    routes,
    staleness: { ttl: 60_000, tables: { posts: 5_000 }, onStale: ({ age }) => age },
  })
  startSync(db, {
    baseUrl,
    routes,
    observability: { onMetrics: ({ queue }) => queue.depth, health: { deadLetters: 3 } },
  })
  sync.on('stale', ({ table, age }) => [table.length, age + 1])
  void sync.healthCheck().then(({ status, issues }) => [status === 'degraded', issues[0]?.code === 'stale'])
  const stop: () => void = sync.subscribe(() => {})
  stop()
  const state: 'idle' | 'offline' | undefined = onlyCalm(sync.getSnapshot().state)
  if (isSyncError(state)) state satisfies SyncError
  defineRoutes({
    posts: { push: { create: { url: '/posts', body: (post: { title: string }) => post.title } } },
  })
}

export function whatMustNot(): void {
  // @ts-expect-error there is no such event
  sync.on('sync-finished', () => {})
  // @ts-expect-error there is no such policy
  startSync(db, { baseUrl, routes, conflicts: { policy: 'me-first' } })
  // @ts-expect-error an address is needed
  startSync(db, { routes })
  // @ts-expect-error options are not guessed
  startSync(db, { baseUrl, routes, intervall: 5 })
  // @ts-expect-error a change is not sent by GET
  defineRoutes({ posts: { push: { create: { method: 'GET', url: '/posts' } } } })
  // @ts-expect-error a snapshot is not to be written
  sync.getSnapshot().pending = 0
  // @ts-expect-error codes are fixed
  new SyncError('it-broke')
  // @ts-expect-error a conflict is settled one way or another
  void sync.conflicts.resolve('id', 'neither')
}

function onlyCalm(state: string): 'idle' | 'offline' | undefined {
  return state === 'idle' || state === 'offline' ? state : undefined
}
