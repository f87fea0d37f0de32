import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ApiAnswer } from './backend-semantics'

/** A backend on a real port. */
export interface Listening {
  /** As `http://127.0.0.1:41234`. */
  readonly url: string
  close(): Promise<void>
}

type Handle = (request: Request) => Promise<ApiAnswer | 'lost'>

/** Puts a backend behind a real server on 127.0.0.1. A lost answer is a connection that breaks. */
export async function listen(handle: Handle): Promise<Listening> {
  const server = createServer((message, response) => {
    serve(handle, message, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined)
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed, failed) => {
        server.close((error) => (error ? failed(error) : closed()))
        server.closeAllConnections()
      }),
  }
}

async function serve(handle: Handle, message: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(cors)) response.setHeader(name, value)
  if (message.method === 'OPTIONS') return void response.writeHead(204).end()
  const answer = await handle(await asRequest(message))
  if (answer === 'lost') return void response.destroy()
  const { status, headers, body, text } = answer
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
  response.writeHead(status, { ...type, ...headers })
  response.end(text ?? (body === undefined ? undefined : JSON.stringify(body)))
}

const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*, authorization',
  'access-control-allow-methods': '*',
  'access-control-expose-headers': 'etag, retry-after, link, date',
}

async function asRequest(message: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  const headers = Object.entries(message.headers).map(
    ([name, value]) => [name, String(value)] as [string, string],
  )
  const method = message.method ?? 'GET'
  const body = method === 'GET' || method === 'HEAD' ? null : Buffer.concat(chunks)
  return new Request(`http://${message.headers.host}${message.url}`, { method, headers, body })
}
