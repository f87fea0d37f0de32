import type { Environment } from '../../src/environment'
import { createAuth } from '../../src/transport/auth'
import { createHttp, type Http } from '../../src/transport/http'
import type { ServerRow } from '../support/backend'
import { logProtocol } from './log-protocol'
import { createLogServer, type LogOptions } from './log-server'
import type { ProtocolWorld } from './protocol-place'

const baseUrl = 'https://api.example.test'

export function httpFor(env: Environment): Http {
  return createHttp({ baseUrl, env, auth: createAuth({}, env) })
}

export function isRefused({ text }: ServerRow): boolean {
  return text === 'refused'
}

/** The log server with its protocol. */
export function logWorld(options: LogOptions = {}): ProtocolWorld {
  const server = createLogServer(isRefused, options)
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
}
