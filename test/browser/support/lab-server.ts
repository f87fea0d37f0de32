import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import express from 'express'
import { createApi } from '../../../examples/board/server/api'
import { inTransaction, openDatabase } from '../../../examples/board/server/database'
import { answerProblems } from '../../../examples/board/server/problem'
import { createTables } from '../../../examples/board/server/schema'
import { createService, type Service } from '../../../examples/board/server/service'
import type { Stopped } from '../pages/stops'
import { bundlePage } from './bundle-page'

/** A request as it came in, whatever became of it. */
export interface Arrival {
  readonly method: string
  readonly path: string
  readonly key: string | undefined
}

/** The backend of the demo with an empty board, and the lab page on the same origin. */
export interface LabServer extends Service {
  readonly url: string
  /** Requests of the API from the first on. */
  readonly arrivals: readonly Arrival[]
  /** Resolves when a page stands still. Call it before that can happen. */
  nextStop(): Promise<Stopped>
  close(): Promise<void>
}

export async function startLabServer(): Promise<LabServer> {
  const [script, database] = await Promise.all([bundlePage('lab.html'), openDatabase({ kind: 'memory' })])
  await inTransaction(database.pool, createTables)
  const stop = new AbortController()
  const service = createService(database.pool, stop.signal)
  const arrivals: Arrival[] = []
  let stopped = (_: Stopped) => {}

  const app = express().disable('etag')
  app.get('/lab.html', (_, response) => {
    response.type('html').send('<!doctype html><title>Lab</title><script type="module" src="/lab.js"></script>')
  })
  app.get('/lab.js', (_, response) => void response.type('js').send(script))
  app.get('/elsewhere.html', (_, response) => void response.type('html').send('<!doctype html><title>Elsewhere</title>'))
  // Never answered: the page waits for it, and does nothing else.
  app.post('/lab/stopped', express.json({ limit: '10mb' }), ({ body }) => stopped(body))
  app.use('/api', ({ method, url, headers }, _, next) => {
    arrivals.push({ method, path: url, key: headers['idempotency-key']?.toString() })
    next()
  })
  app.use('/api', createApi(service))
  app.use(
    '/api',
    answerProblems((error) => {
      if (!stop.signal.aborted) console.error(error)
    }),
  )
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    ...service,
    url: `http://127.0.0.1:${port}`,
    arrivals,
    nextStop: () =>
      new Promise((resolve) => {
        stopped = resolve
      }),
    async close() {
      const closed = promisify(server.close.bind(server))()
      stop.abort()
      service.holds.close()
      server.closeAllConnections()
      await closed
      await database.close()
    },
  }
}
