import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import express, { type RequestHandler } from 'express'
import type { Pool, PoolClient } from 'pg'
import { createApi } from '../../../examples/board/server/api'
import { cards } from '../../../examples/board/server/cards'
import type { Row } from '../../../examples/board/server/collection'
import { nextCommitTime } from '../../../examples/board/server/commit-clock'
import { inTransaction, openDatabase } from '../../../examples/board/server/database'
import { people } from '../../../examples/board/server/people'
import { answerProblems } from '../../../examples/board/server/problem'
import { listRows } from '../../../examples/board/server/rows'
import { createTables } from '../../../examples/board/server/schema'
import { createService, type Service } from '../../../examples/board/server/service'
import type { Card } from '../pages/lab'
import type { Stopped } from '../pages/stops'
import { labPages } from './lab-pages'

/** A request as it came in, whatever became of it. */
export interface Arrival {
  readonly method: string
  readonly path: string
  readonly key: string | undefined
}

/** How the names of a crowd begin. */
export const crowd = 'one of many'

/**
 * The backend of the demo with an empty board, and the lab page on the same origin; with `next`, as a later release of the
 * library at `/next.html` too.
 */
export interface LabServer extends Service {
  readonly url: string
  /** Requests of the API from the first on. */
  readonly arrivals: readonly Arrival[]
  /** What was answered to the requests of devices, by key. */
  answers(): Promise<ReadonlyMap<string, unknown>>
  /** Makes a card from elsewhere, without a key. */
  makeElsewhere(title: string): Promise<void>
  /** Makes 2,100 people elsewhere, or changes them all, to be told from others by their hue. */
  crowd(hue: number): Promise<void>
  /** The cards that are not deleted, by their ids. */
  livingCards(): Promise<Card[]>
  /** Every row there ever was, deleted ones as tombstones. */
  everyRow(table: 'cards' | 'people'): Promise<Row[]>
  /** Answers requests to the API before the API does, from the moment it is set until it is taken away. */
  inTheWay: RequestHandler | undefined
  /** Titles and names of rows that no device of the test has made. */
  readonly madeElsewhere: ReadonlySet<string>
  /** What the requests of devices did: keys whose request was carried out, and changes of rows altogether. */
  effects(): Promise<{ readonly byKey: number; readonly ofRows: number }>
  /** Resolves when a page stands still. Call it before that can happen. */
  nextStop(): Promise<Stopped>
  close(): Promise<void>
}

export async function startLabServer({ next = false } = {}): Promise<LabServer> {
  const [pages, database] = await Promise.all([labPages({ next }), openDatabase({ kind: 'memory' })])
  await inTransaction(database.pool, createTables)
  const stop = new AbortController()
  const service = createService(database.pool, stop.signal)
  const arrivals: Arrival[] = []
  const madeElsewhere = new Set<string>()
  let stopped = (_: Stopped) => {}

  const app = express().disable('etag')
  app.use(pages)
  // Never answered: the page waits for it, and does nothing else.
  app.post('/lab/stopped', express.json({ limit: '50mb', type: () => true }), ({ body }) => stopped(body))
  app.use('/api', ({ method, url, headers }, _, next) => {
    arrivals.push({ method, path: url, key: headers['idempotency-key']?.toString() })
    next()
  })
  app.use('/api', (request, response, next) => (server.inTheWay ?? pass)(request, response, next))
  app.use('/api', createApi(service))
  app.use(
    '/api',
    answerProblems((error) => {
      if (!stop.signal.aborted) console.error(error)
    }),
  )
  const http = createServer(app)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const server: LabServer = {
    ...service,
    inTheWay: undefined,
    url: `http://127.0.0.1:${port}`,
    arrivals,
    madeElsewhere,
    effects: () => countEffects(database.pool, [...madeElsewhere]),
    async livingCards() {
      const rows = await listRows(database.pool, cards, -1, 100_000)
      const living = rows.filter(({ deleted_at }) => deleted_at === undefined) as unknown as Card[]
      return living.sort((a, b) => a.id - b.id)
    },
    everyRow: (table) => listRows(database.pool, { cards, people }[table], -1, 100_000),
    async answers() {
      const { rows } = await database.pool.query('select key, body from idempotency_keys')
      return new Map(rows.map(({ key, body }) => [key, body]))
    },
    async makeElsewhere(title) {
      madeElsewhere.add(title)
      const headers = { 'Content-Type': 'application/json' }
      const body = JSON.stringify({ title, position: 1 })
      await fetch(`http://127.0.0.1:${port}/api/cards`, { method: 'POST', headers, body })
    },
    async crowd(hue) {
      for (let number = 0; number < 2_100; number += 1) madeElsewhere.add(`${crowd} ${number}`)
      await inTransaction(database.pool, (transaction) => changeCrowd(transaction, hue))
    },
    nextStop: () =>
      new Promise((resolve) => {
        stopped = resolve
      }),
    async close() {
      const closed = promisify(http.close.bind(http))()
      stop.abort()
      service.holds.close()
      http.closeAllConnections()
      await closed
      await database.close()
    },
  }
  return server
}

const pass: RequestHandler = (_request, _response, next) => next()

/** Each write of a row raises its version by one, and the keys remember what was carried out. */
async function countEffects(pool: Pool, elsewhere: readonly string[]) {
  const versions = (table: string, title: string) =>
    `select coalesce(sum(version), 0)::int as sum from ${table} where ${title} <> all($1)`
  const [cards, people, keys] = await Promise.all([
    pool.query<{ sum: number }>(versions('cards', 'title'), [elsewhere]),
    pool.query<{ sum: number }>(versions('people', 'name'), [elsewhere]),
    pool.query<{ sum: number }>('select count(*)::int as sum from idempotency_keys where status < 300'),
  ])
  return { byKey: keys.rows[0]!.sum, ofRows: cards.rows[0]!.sum + people.rows[0]!.sum }
}

async function changeCrowd(transaction: PoolClient, hue: number): Promise<void> {
  const time = await nextCommitTime(transaction, 'people')
  const changed = await transaction.query(
    `update people set hue = $1, version = version + 1, updated_at = $2::bigint + number
     from (select id as one, row_number() over () as number from people where name like '${crowd} %') as all_of_them
     where id = one`,
    [hue, time],
  )
  if (changed.rowCount === 0)
    await transaction.query(
      `insert into people (id, name, hue, updated_at, version)
       select gen_random_uuid(), '${crowd} ' || number, $1, $2::bigint + number, 1 from generate_series(0, 2099) as number`,
      [hue, time],
    )
  await transaction.query(`update clocks set last = $1 where name = 'people'`, [time + 2_100])
}
