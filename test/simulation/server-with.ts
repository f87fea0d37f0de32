import type { Row } from '../../src/model/change'
import type { Effect } from './history'
import type { HttpAnswer, HttpRequest } from './http'
import { openLogins } from './logins'
import { prng } from './prng'
import { Server, type ServerShape } from './server'
import { fairServer, type ServerWeather } from './server-weather'
import { Struck } from './struck'
import { tableShapes } from './swarm'

/** A server that can be called at once, for tests of it alone; its time stands until it is told to go on. */
export function serverWith(shape: Partial<ServerShape> = {}, weather: Partial<ServerWeather> = {}) {
  const ledger: Effect[] = []
  const struck = new Struck()
  let at = 0
  const server = new Server({
    shape: {
      tables: tableShapes(() => 'ms'),
      idempotent: true,
      envelope: 'array',
      inclusive: false,
      ...shape,
    },
    weather: { ...fairServer, ...weather },
    draw: prng(1, 'server-faults'),
    struck,
    moment: () => ({ step: 0, at }),
    ledger,
    logins: openLogins('d0'),
  })
  const call = (
    method: string,
    url: string,
    body?: Row,
    headers: Record<string, string> = {},
  ): HttpAnswer => {
    const { pathname, searchParams } = new URL(url, 'https://api.example.com')
    const request: HttpRequest = {
      method,
      path: pathname,
      query: searchParams,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    }
    return server.handle(request, 'd0')
  }
  return {
    server,
    ledger,
    struck,
    call,
    rows: (url: string) => JSON.parse(call('GET', url).body!) as Row[],
    pass(ms: number) {
      at += ms
    },
  }
}
