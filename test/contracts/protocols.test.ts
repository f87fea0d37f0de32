import type { Environment } from '../../src/environment'
import { defineRoutes, resource } from '../../src/index'
import { restProtocol } from '../../src/protocol/rest/rest'
import { createAuth } from '../../src/transport/auth'
import { createHttp } from '../../src/transport/http'
import { createBackend, goodSemantics, type ServerRow } from '../support/backend'
import { logProtocol } from './log-protocol'
import { createLogServer } from './log-server'
import { describeProtocol } from './protocol-contract'

const baseUrl = 'https://api.example.test'
const httpFor = (env: Environment) => createHttp({ baseUrl, env, auth: createAuth({}, env) })
const isRefused = ({ text }: ServerRow) => text === 'refused'

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
        baseUrl,
        routes,
        tables,
        http: httpFor(env),
        defaults: { policy, verify: 'pull' },
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

describeProtocol('log', () => {
  const server = createLogServer(isRefused)
  const { backend, rows, write } = server
  const find = (table: string, id: unknown) => rows(table).find((row) => row.id === id)
  return {
    backend,
    protocol: (env, policy) => logProtocol({ http: httpFor(env), now: env.now, policy }),
    rows,
    insert: (table, row) => write(table, (row.id as string | undefined) ?? server.nextId(), row),
    change: (table, id, fields) => write(table, id as string, { ...find(table, id), ...fields }),
    erase: (table, id) => write(table, id as string, null),
    creates: { path: '/api/push' },
    pulls: { path: '/api/pull' },
  }
})
