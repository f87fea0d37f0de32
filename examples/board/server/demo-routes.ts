import express, { Router } from 'express'
import { Problem } from './problem'
import { reset } from './seed'
import type { Service } from './service'

export interface DemoOptions {
  /** A reset brings the first rows back. */
  readonly seed: boolean
  /** Allow `/demo/hold` and `/demo/release`. */
  readonly testHooks: boolean
}

/** What the page and the tests do to the server; a real backend has nothing of this. */
export function createDemoRoutes(service: Service, options: DemoOptions): Router {
  const demo = Router()
  const { log, weather, holds, pool, stopping } = service
  demo.use(express.json())

  demo.get('/log', (_request, response) => {
    response.json({ data: log.list() })
  })
  demo.get('/log/stream', (_request, response) => {
    response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' }).flushHeaders()
    const ignore = log.listen((request) => response.write(`data: ${JSON.stringify(request)}\n\n`))
    const end = () => response.end()
    stopping.addEventListener('abort', end)
    response.once('close', () => {
      ignore()
      stopping.removeEventListener('abort', end)
    })
  })

  demo.get('/weather', (_request, response) => {
    response.json(weather.forecast)
  })
  demo.post('/weather', (request, response) => {
    response.json(weather.change(request.body))
  })

  demo.post('/reset', async (_request, response) => {
    holds.release()
    weather.clear()
    await reset(pool, options.seed)
    log.clear()
    response.status(204).end()
  })

  if (options.testHooks) {
    demo.get('/held', (_request, response) => {
      response.json(holds.held())
    })
    demo.post('/hold', (request, response) => {
      holds.hold(request.body ?? {})
      response.status(204).end()
    })
    demo.post('/release', (_request, response) => {
      holds.release()
      response.status(204).end()
    })
  }

  demo.use(() => {
    throw new Problem(404, 'no-route', 'There is no such address', 'See examples/board/server/demo-routes.ts')
  })
  return demo
}
