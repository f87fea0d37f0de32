import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Prng } from '../simulation/prng'
import type { Exchange } from './exchange'
import type { Fault } from './faults'

/** Stands before the backend, serves the page as well, and lets requests of the API fail. */
export interface FaultProxy {
  readonly url: string
  /** Requests of the API so far. */
  requests(): number
  readonly faults: ReadonlyMap<Fault, number>
  setStormy(stormy: boolean): void
  close(): Promise<void>
}

interface ProxyOptions {
  readonly upstream: string
  readonly script: string
  readonly chance: Prng
  /** The fault of the next request while it storms. */
  draw(chance: Prng): Fault | undefined
  seen(exchange: Exchange): void
}

export async function startProxy({
  upstream,
  script,
  chance,
  draw,
  seen,
}: ProxyOptions): Promise<FaultProxy> {
  const faults = new Map<Fault, number>()
  let [stormy, requests, offlineUntil] = [false, 0, 0]

  function nextFault(): Fault | undefined {
    if (!stormy) return undefined
    const fault = Date.now() < offlineUntil ? 'offline' : draw(chance)
    if (fault === 'offline' && Date.now() >= offlineUntil)
      offlineUntil = Date.now() + chance.between(500, 4_000)
    if (fault) faults.set(fault, (faults.get(fault) ?? 0) + 1)
    return fault
  }

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests += 1
    const fault = nextFault()
    if (fault === 'drop before' || fault === 'offline') return void request.socket.destroy()
    if (fault === 'busy') return void response.writeHead(503, { 'Retry-After': '1' }).end()
    if (fault === 'portal')
      return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Welcome</h1>')
    if (fault === 'delay') await sleep(chance.between(50, 1_000))
    const answer = await forward(upstream, request, seen)
    if (fault === 'drop after') return void request.socket.destroy()
    response.writeHead(answer.status, answer.headers)
    if (fault !== 'cut') return void response.end(answer.body)
    response.write(answer.body.subarray(0, answer.body.length / 2), () => request.socket.destroy())
  }

  const server = createServer((request, response) => {
    if (request.url === '/soak.html')
      return response
        .writeHead(200, { 'Content-Type': 'text/html' })
        .end('<!doctype html><title>Soak</title><script type="module" src="/soak.js"></script>')
    if (request.url === '/soak.js')
      return response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script)
    // A page that was killed hears nothing of it.
    return pass(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    faults,
    setStormy(on) {
      stormy = on
      offlineUntil = 0
    },
    async close() {
      const closed = promisify(server.close.bind(server))()
      server.closeAllConnections()
      await closed
    },
  }
}

/** The backend hears the whole request and is heard to the end, even where the page is gone meanwhile. */
async function forward(upstream: string, request: IncomingMessage, seen: (exchange: Exchange) => void) {
  const { method = 'GET', url = '/' } = request
  const body = await buffer(request)
  const headers = Object.entries(request.headers).filter(([name]) => !ownHeaders.includes(name))
  const response = await fetch(upstream + url, {
    method,
    headers: headers as [string, string][],
    ...(body.length > 0 && { body }),
  })
  const answer = Buffer.from(await response.arrayBuffer())
  if (method !== 'GET')
    seen({
      method,
      path: url.replace(/\?.*/, ''),
      status: response.status,
      replayed: response.headers.get('Idempotency-Replayed') === 'true',
      sent: JSON.parse(body.toString() || '{}'),
      answer: JSON.parse(answer.toString() || '{}'),
    })
  const kept = [...response.headers].filter(([name]) => !ownHeaders.includes(name))
  return {
    status: response.status,
    headers: { ...Object.fromEntries(kept), 'Content-Length': String(answer.length) },
    body: answer,
  }
}

/** What each connection has for itself. */
const ownHeaders = ['host', 'connection', 'keep-alive', 'content-length', 'transfer-encoding']
