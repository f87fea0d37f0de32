import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createAuth } from '../../src/transport/auth'
import { createHttp } from '../../src/transport/http'
import { fakeWorld, never } from './fake-world'

let server: Server | undefined

afterEach(async () => {
  server?.closeAllConnections()
  await new Promise((closed) => (server ? server.close(closed) : closed(undefined)))
})

/** An exchange over a real socket. */
async function ask(listener: RequestListener, method = 'GET') {
  const listening = createServer(listener)
  server = listening
  await new Promise<void>((ready) => listening.listen(0, '127.0.0.1', ready))
  const { port } = listening.address() as AddressInfo
  const world = { ...fakeWorld(), fetch: (request: Request) => fetch(request) }
  const auth = createAuth({ getHeaders: () => ({ 'x-api-key': 'secret' }) }, world)
  const http = createHttp({ baseUrl: `http://127.0.0.1:${port}/v1`, env: world, auth })
  return http.exchange({ method, url: '/posts', ...(method === 'GET' ? {} : { body: '{"a":"ü"}' }) }, never)
}

describe('over a real connection', () => {
  it('a request arrives as it was frozen', async () => {
    const answer = await ask((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (part) => {
        body += part
      })
      request.on('end', () => {
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify([request.method, request.url, request.headers['x-api-key'], body]))
      })
    }, 'PATCH')
    expect(answer).toMatchObject({ body: { value: ['PATCH', '/v1/posts', 'secret', '{"a":"ü"}'] } })
  })

  it('an answer that ends before its length has an unknown outcome (C11)', async () => {
    const answer = await ask((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
      response.write('{"id":', () => response.destroy())
    })
    expect(answer).toEqual({ kind: 'failed', code: 'network-failed', sent: true })
  })

  it('a connection that is dropped without an answer has an unknown outcome (A1)', async () => {
    const answer = await ask((request) => request.socket.destroy(), 'POST')
    expect(answer).toEqual({ kind: 'failed', code: 'network-failed', sent: true })
  })

  it('a redirect is told and takes no credentials along (S4)', async () => {
    const asked: (string | undefined)[] = []
    const answer = await ask((request, response) => {
      asked.push(request.url)
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect(answer).toEqual({ kind: 'redirected', status: 302 })
    expect(asked).toEqual(['/v1/posts'])
  })

  it('a 204 is an answer without a body (C12)', async () => {
    expect(await ask((_, response) => response.writeHead(204).end(), 'DELETE')).toEqual({
      kind: 'answered',
      status: 204,
      body: { kind: 'none' },
    })
  })
})
