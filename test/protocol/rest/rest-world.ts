import type { Key, Row } from '../../../src/model/change'
import type { FenceItem } from '../../../src/model/entry'
import type { Outcome } from '../../../src/model/outcome'
import type { Protocol, PullAnswer } from '../../../src/protocol/protocol'
import { type RestOptions, restProtocol } from '../../../src/protocol/rest/rest'
import type { Routes } from '../../../src/protocol/rest/routes'
import type { TableShape } from '../../../src/protocol/rest/table-shape'
import { createAuth } from '../../../src/transport/auth'
import { createHttp } from '../../../src/transport/http'
import { type FakeWorld, fakeWorld, never } from '../../transport/fake-world'

/** A REST protocol in a fake world. */
export interface RestWorld extends FakeWorld {
  readonly protocol: Protocol
  readonly said: readonly string[]
  /** Freezes and sends one change, as the engine does. */
  send(item: FenceItem): Promise<Outcome>
  /** Pulls the first scope once. */
  pull(checkpoint?: unknown, call?: { limit?: number; sinceMoved?: number }): Promise<PullAnswer>
}

export const clientKeys: TableShape = { keyPath: 'id', auto: false }
export const serverKeys: TableShape = { keyPath: 'id', auto: true }

export function restWorld(
  routes: Routes,
  shape: TableShape = clientKeys,
  defaults: Partial<RestOptions['defaults']> = {},
  baseUrl = 'https://api.test/v1',
): RestWorld {
  const world = fakeWorld()
  const said: string[] = []
  const protocol = restProtocol({
    baseUrl,
    routes,
    tables: new Map(Object.keys(routes).map((name) => [name, shape])),
    http: createHttp({ baseUrl, env: world, auth: createAuth({}, world) }),
    defaults: { conflicts: {}, verify: 'pull', ...defaults },
    warn: (message) => void said.push(message),
    now: world.now,
    timer: world.timer,
  })
  return {
    ...world,
    protocol,
    said,
    async send(item) {
      const request = await protocol.freeze([item], 'key-1', new AbortController().signal)
      const [outcome] = await protocol.push(request, [item], { id: 'key-1', signal: never, probe: false })
      return outcome!
    },
    pull(checkpoint, { limit = 500, sinceMoved = 60_000 } = {}) {
      return protocol.pull(protocol.scopes[0]!, checkpoint, {
        limit,
        sinceMoved,
        signal: never,
        mayAsk: () => true,
      })
    },
  }
}

const refs = { entries: [[1, 0]], ops: ['op'] } as const

export function create(key: Key, row: Row, table = 'posts'): FenceItem {
  return { table, key, kind: 'create', row, base: null, ...refs }
}

export function update(key: Key, base: Row, row: Row, table = 'posts'): FenceItem {
  return { table, key, kind: 'update', row, base, ...refs }
}

export function remove(key: Key, base: Row | null, table = 'posts'): FenceItem {
  return { table, key, kind: 'delete', row: null, base, ...refs }
}

/** The page of an answer, or a failed test. */
export function pageOf(answer: PullAnswer) {
  if (answer.kind !== 'page') throw new Error(`no page: ${answer.reason.code} ${answer.reason.message ?? ''}`)
  return answer.page
}
