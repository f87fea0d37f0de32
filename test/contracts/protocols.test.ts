import { defineRoutes, resource } from '../../src/index'
import { restProtocol } from '../../src/protocol/rest/rest'
import { createBackend, goodSemantics } from '../support/backend'
import { httpFor, isRefused, logWorld } from './log-world'
import { describeProtocol } from './protocol-contract'

const indexes = ['updated_at']
const tables = new Map([
  ['posts', { keyPath: 'id', auto: true, indexes }],
  ['notes', { keyPath: 'id', auto: false, indexes }],
])
const routes = defineRoutes({ posts: resource('/api/posts'), notes: resource('/api/notes') })

describeProtocol('REST', () => {
  const backend = createBackend({
    semantics: goodSemantics({ validate: (row) => (isRefused(row) ? 'not like this' : undefined) }),
  })
  return {
    backend,
    protocol: (env, policy) =>
      restProtocol({
        baseUrl: 'https://api.example.test',
        routes,
        tables,
        http: httpFor(env),
        defaults: { conflicts: { policy }, verify: 'pull' },
        warn: env.warn,
        now: env.now,
        timer: env.timer,
      }),
    rows: backend.rows,
    insert: (table, row) => void backend.insert(table, row),
    change: (table, id, fields) => void backend.change(table, id, fields),
    erase: (table, id) => backend.erase(table, id),
    creates: { method: 'POST' },
    pulls: { method: 'GET', path: '/api/notes' },
  }
})

describeProtocol('log', () => logWorld())
describeProtocol('log, of a server that never says who is at fault,', () => logWorld({ silent: true }))
