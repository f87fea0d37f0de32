import express, { type Request, type Response, Router } from 'express'
import type { PoolClient } from 'pg'
import { cards } from './cards'
import type { Collection, Row } from './collection'
import { people } from './people'
import { badRequest, Problem } from './problem'
import { listRows, readRow } from './rows'
import type { Service } from './service'
import { type Answer, checkedKey, createRow, deleteRow, gone, missing, patchRow } from './writes'

/** The largest page, rows. */
const largestPage = 10_000

/**
 * The REST API: what a backend for `resource('/api/cards')` and `resource('/api/people')` looks like.
 *
 *     GET    /api/cards?updated_after=2026-01-31T12:00:00.000Z&limit=500   → { data: [row, row, tombstone, …] }
 *     GET    /api/cards/7                                                  → row, 404 or 410
 *     POST   /api/cards                                                    → 201 row
 *     PATCH  /api/cards/7                                                  → row
 *     DELETE /api/cards/7                                                  → tombstone
 *
 * PATCH and DELETE honour `If-Match: "<version>"` and, in a body, `version`; writes honour `Idempotency-Key`.
 */
export function createApi(service: Service): Router {
  const api = Router({ mergeParams: true })
  api.use(logRequests(service))
  api.use(express.json({ limit: '1mb' }))
  api.use(async (_request, _response, next) => {
    await service.weather.pass(service.stopping)
    next()
  })
  for (const collection of [cards, people]) addCollection(api, service, collection)
  api.use(() => {
    throw new Problem(404, 'no-route', 'There is no such address', 'See examples/board/server/api.ts')
  })
  return api
}

function addCollection(api: Router, service: Service, collection: Collection): void {
  const path = `/${collection.name}`
  const write = writer(service)
  api.get(path, async (request, response) => {
    const rows = await listRows(service.pool, collection, timeOf(request), limitOf(request))
    response.json({ data: rows })
  })
  api.get(`${path}/:id`, async (request, response) => {
    const row = await readRow(service.pool, collection, checkedKey(collection, request.params.id))
    if (!row) throw missing(collection)
    if (row.deleted_at) throw gone(collection, row)
    response.set('ETag', `"${row.version}"`).json(row)
  })
  api.post(
    path,
    write((transaction, request) => createRow(transaction, collection, bodyOf(request))),
  )
  api.patch(
    `${path}/:id`,
    write((transaction, request) =>
      patchRow(transaction, collection, String(request.params.id), bodyOf(request), expectedVersion(request)),
    ),
  )
  api.delete(
    `${path}/:id`,
    write((transaction, request) =>
      deleteRow(transaction, collection, String(request.params.id), expectedVersion(request)),
    ),
  )
}

/** Makes a handler of a write: at most once per key, in one transaction, with the places where it can be stopped. */
function writer({ idempotency, holds, weather }: Service) {
  return (effect: (transaction: PoolClient, request: Request) => Promise<Answer>) =>
    async (request: Request, response: Response): Promise<void> => {
      const answer = await idempotency.once(
        request.get('Idempotency-Key'),
        { method: request.method, path: request.path, body: request.body },
        () => holds.pass('received'),
        (transaction) => effect(transaction, request),
      )
      await holds.pass('committed')
      if (answer.replayed) response.set('Idempotency-Replayed', 'true')
      else if (weather.forecast.losing) {
        request.socket.destroy()
        return
      }
      response.status(answer.status)
      if (isVersioned(answer.body)) response.set('ETag', `"${answer.body.version}"`)
      response.type(answer.status < 400 ? 'application/json' : 'application/problem+json')
      response.send(JSON.stringify(answer.body))
    }
}

function logRequests({ log }: Service) {
  return (request: Request, response: Response, next: () => void): void => {
    const at = Date.now()
    response.once('close', () => {
      log.add({
        at,
        took: Date.now() - at,
        device: request.params.device ? String(request.params.device) : null,
        user: userOf(request),
        method: request.method,
        path: request.url,
        key: request.get('Idempotency-Key') ?? null,
        replayed: response.get('Idempotency-Replayed') === 'true',
        status: response.writableFinished ? response.statusCode : 0,
      })
    })
    next()
  }
}

/** Everybody may do everything here; the token only says in the log whose request it was. */
function userOf(request: Request): string | null {
  return /^Bearer demo-([a-z]{1,20})$/.exec(request.get('Authorization') ?? '')?.[1] ?? null
}

/** `updated_after` as ms or as ISO text; absent = from the start. */
function timeOf({ query }: Request): number {
  const value = query.updated_after
  if (value === undefined || value === '') return -1
  const time = /^-?\d+(\.\d+)?$/.test(String(value)) ? Number(value) : Date.parse(String(value))
  if (Number.isNaN(time)) throw badRequest('updated_after: a time in ms or ISO 8601')
  return Math.floor(time)
}

function limitOf({ query }: Request): number {
  if (query.limit === undefined) return 500
  const limit = Number(query.limit)
  if (!Number.isInteger(limit) || limit < 1) throw badRequest('limit: a whole number from 1')
  return Math.min(limit, largestPage)
}

function bodyOf({ body }: Request): Row {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('the body must be a JSON object, sent as application/json')
  }
  return body
}

function expectedVersion(request: Request): number | undefined {
  const condition = request.get('If-Match')
  if (condition !== undefined && condition !== '*')
    return Number(/^"(\d+)"$/.exec(condition)?.[1] ?? Number.NaN)
  const { version } = (request.body ?? {}) as Row
  return typeof version === 'number' ? version : undefined
}

function isVersioned(body: unknown): body is { version: number } {
  return typeof body === 'object' && body !== null && 'version' in body
}
