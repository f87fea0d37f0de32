import { createServer } from 'node:http'
import { promisify } from 'node:util'
import express from 'express'
import { createApi } from './api'
import { inTransaction, openDatabase, type Place } from './database'
import { createDemoRoutes } from './demo-routes'
import { listen } from './listen'
import { createPage } from './page'
import { answerProblems } from './problem'
import { createTables } from './schema'
import { seedWhenEmpty } from './seed'
import { createService } from './service'

export interface BoardOptions {
  /** Where the rows are; default: in memory, gone at the end. */
  readonly place?: Place
  /** Default: a free one from 5173; 0: any. */
  readonly port?: number
  /** Default: 127.0.0.1. */
  readonly host?: string
  /** Serve the page besides the API. Default: true. */
  readonly page?: boolean
  /** Show edits of the page at once. Default: false. */
  readonly watch?: boolean
  /** Begin an empty board with a team and some cards. Default: true. */
  readonly seed?: boolean
  /** Let tests stop requests half way (`/demo/hold`). Default: false. */
  readonly testHooks?: boolean
}

export interface Board {
  /** Such as `http://127.0.0.1:5173`, without a slash at the end. */
  readonly url: string
  /** Where the rows are, for a person. */
  readonly describes: string
  /** Resolves when nothing of it runs any more: connections cut, transactions ended, database closed. */
  close(): Promise<void>
}

const hour = 3_600_000

/**
 * Starts the whole demo: database, API (`/api`, and `/a/api`, `/b/api` for the two devices of the page), page.
 * Stops everything it began where a part of it fails.
 */
export async function startBoard(options: BoardOptions = {}): Promise<Board> {
  const { place = { kind: 'memory' }, host = '127.0.0.1', port, seed = true, testHooks = false } = options
  const endings: (() => unknown)[] = []
  const close = async () => {
    for (const end of endings.splice(0).reverse()) await end()
  }
  try {
    const database = await openDatabase(place)
    endings.push(database.close)
    await inTransaction(database.pool, createTables)
    if (seed) await seedWhenEmpty(database.pool)

    const stop = new AbortController()
    const service = createService(database.pool, stop.signal)
    await service.idempotency.forgetOld()
    const forgetting = setInterval(() => void service.idempotency.forgetOld().catch(console.error), hour)
    endings.push(() => clearInterval(forgetting))

    const app = express().disable('x-powered-by').disable('etag')
    app.use(['/api', '/:device/api'], createApi(service))
    app.use('/demo', createDemoRoutes(service, { seed, testHooks }))
    app.use(['/api', '/:device/api', '/demo'], answerProblems(stopped(stop.signal)))

    const server = createServer(app)
    if (options.page ?? true) {
      const page = await createPage(server, options.watch ?? false)
      endings.push(() => page.close())
      app.use(page.middlewares)
    }
    const taken = await listen(server, host, port)
    endings.push(async () => {
      const closed = promisify(server.close.bind(server))()
      stop.abort()
      service.holds.close()
      server.closeAllConnections()
      await closed
    })
    return { url: `http://${host}:${taken}`, describes: database.describes, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Unexpected errors go to the console, but for those that only say that the server stops. */
function stopped(stopping: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!stopping.aborted) console.error(error)
  }
}
