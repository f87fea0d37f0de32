import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { rowsFrom } from './page/rows'

type Row = Record<string, unknown>

export interface BenchServer {
  readonly url: string
  close(): Promise<void>
}

/**
 * The backend of the benchmark, and the server of its page. `/api/rows` is an ordinary resource; `/control` fills it,
 * empties it and tells what came.
 */
export async function startServer(script: string): Promise<BenchServer> {
  let rows = new Map<string, Row>()
  let requests: Record<string, number> = {}
  let stamps = 0
  const stamp = () => new Date(1_800_000_000_000 + stamps++).toISOString()

  function control(query: URLSearchParams): unknown {
    if (query.has('rows')) {
      rows = new Map(rowsFrom(0, Number(query.get('rows'))).map((row) => [row.id, { ...row }]))
      requests = {}
    }
    return { rows: rows.size, requests }
  }

  function list(query: URLSearchParams): Row[] {
    const after = query.get('updated_after') ?? ''
    const limit = Number(query.get('limit') ?? 1000)
    const found: Row[] = []
    for (const row of rows.values()) {
      if (String(row.updatedAt) >= after) found.push(row)
      if (found.length === limit) break
    }
    return found
  }

  async function api(request: IncomingMessage, url: URL): Promise<[status: number, body?: unknown]> {
    const method = request.method ?? 'GET'
    requests[method] = (requests[method] ?? 0) + 1
    const id = url.pathname.split('/')[3] ?? ''
    if (method === 'GET') return [200, list(url.searchParams)]
    if (method === 'DELETE') return [rows.delete(id) ? 204 : 404]
    const sent = JSON.parse(await textOf(request)) as Row
    const key = method === 'POST' ? String(sent.id) : id
    // As an ordinary backend does: the row as it is kept, with the time of this change.
    const kept = { ...rows.get(key), ...sent, updatedAt: stamp() }
    rows.set(key, kept)
    return [method === 'POST' ? 201 : 200, kept]
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname === '/page.js')
      return void response.setHeader('content-type', 'text/javascript').end(script)
    if (url.pathname === '/favicon.ico') return void response.writeHead(204).end()
    if (url.pathname === '/')
      return void response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><script type=module src=/page.js></script>')
    const [status, body] =
      url.pathname === '/control' ? [200, control(url.searchParams)] : await api(request, url)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(body === undefined ? undefined : JSON.stringify(body))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString('utf8')
}
