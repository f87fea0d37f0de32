import type { Row } from '../../src/model/change'
import type { Effect } from './history'
import { answer, type HttpAnswer, type HttpRequest, problem } from './http'
import type { Logins } from './logins'
import type { Prng } from './prng'
import { ServerClock } from './server-clock'
import { ServerKeys } from './server-keys'
import { ServerLog } from './server-log'
import { type ServerTable, serverTable, type TableShape } from './server-table'
import type { ServerWeather } from './server-weather'
import type { Struck } from './struck'
import { epoch } from './tab-environment'

export interface ServerShape {
  readonly tables: readonly TableShape[]
  /** Remembers `Idempotency-Key` and answers a repeated request with its first answer. */
  readonly idempotent: boolean
  /** Answers lists as a bare array or under `data`. */
  readonly envelope: 'array' | 'data'
  /** Compares `updated_after` with `>` or `>=`. */
  readonly inclusive: boolean
}

/** Values that begin with this are refused. */
export const poison = 'poison:'

function isPoison(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith(poison)
}

export interface ServerParts {
  readonly shape: ServerShape
  readonly weather: ServerWeather
  readonly draw: Prng
  readonly struck: Struck
  readonly moment: () => { readonly step: number; readonly at: number }
  readonly ledger: Effect[]
  readonly logins: Logins
}

interface Call {
  readonly request: HttpRequest
  readonly table: ServerTable
  readonly key: number | string | undefined
  readonly device: string
  readonly user: string
}

/**
 * The backend an app already has: plain REST over tables with `updated_at` and soft deletes, one request after
 * another (each is one transaction), with a ledger of every effect. Its decision is made when a request is delivered.
 */
export class Server {
  private readonly tables: ReadonlyMap<string, ServerTable>
  private readonly keys = new ServerKeys()
  private readonly log = new ServerLog()
  private readonly clock: ServerClock
  /** Who was told to begin anew, and with which table. */
  private readonly anew = new Set<string>()
  private healed = false

  constructor(private readonly parts: ServerParts) {
    const { shape, weather, moment, draw, struck } = parts
    this.clock = new ServerClock(weather, () => epoch + Math.floor(moment().at), draw, struck)
    const open = (table: TableShape) =>
      serverTable(
        table,
        (own) => this.clock.stamp(own),
        (id, row) => this.log.add({ table: table.name, id, row, at: moment().at }),
      )
    this.tables = new Map(shape.tables.map((table) => [table.name, open(table)]))
  }

  /** From now on it is a server as one wishes it to be. */
  heal(): void {
    this.healed = true
    this.clock.heal()
  }

  /** What time it says it is, ms. */
  now(): number {
    return this.clock.now()
  }

  handle(request: HttpRequest, device: string): HttpAnswer {
    const made = this.answered(request, device)
    // As every server says it, with the precision it has: seconds.
    return { ...made, headers: { ...made.headers, date: new Date(this.now()).toUTCString() } }
  }

  private answered(request: HttpRequest, device: string): HttpAnswer {
    const user = this.parts.logins.whose(request, device)
    if (user === undefined) return problem(401, 'log in again')
    const { name, key } = parsePath(request.path)
    const table = this.tables.get(name)
    if (!table) return problem(404, 'no such route')
    if (request.method === 'GET') return this.read({ request, table, key, device, user })

    const id = this.parts.shape.idempotent ? request.headers['idempotency-key'] : undefined
    if (id === undefined) return this.write({ request, table, key, device, user })
    const print = `${request.method} ${request.path} ${request.body ?? ''}`
    const { at } = this.parts.moment()
    const known = this.keys.recall(id, print, at)
    if (known) return known === 'reused' ? problem(422, 'Idempotency-Key reused') : known
    const made = this.write({ request, table, key, device, user })
    this.keys.remember(id, { print, answer: made, at })
    return made
  }

  /** Much time has passed, and nobody was there to ask. */
  forgetKeys(): void {
    if (this.keys.forget(this.parts.moment().at) > 0) this.parts.struck.count('keys-forgotten')
  }

  /** A write by another system, straight to the database. Answers what came of it. */
  writeDirectly(
    method: Effect['method'],
    name: string,
    key: number | string | undefined,
    sent: Row,
  ): HttpAnswer {
    const table = this.tables.get(name)!
    const request: HttpRequest = { method, path: '', query: new URLSearchParams(), headers: {} }
    return this.commit({ request, table, key, device: 'server', user: 'server' }, sent)
  }

  /** All rows of a table, tombstones included. */
  rows(name: string): readonly Row[] {
    return this.tables.get(name)!.rows()
  }

  private read({ request, table, key, device }: Call): HttpAnswer {
    if (key !== undefined) {
      const row = table.find(key)
      return row ? answer(200, table.wire(row)) : problem(404, 'no such record')
    }
    const after = table.readTime(request.query.get('updated_after'))
    if (after !== undefined && this.hasLostTrack(`${device} ${table.shape.name}`))
      return problem(410, 'begin anew')
    const limit = Math.max(1, Number(request.query.get('limit') ?? 100))
    const rows = this.listed(table, after)
      .filter(
        (row) =>
          after === undefined ||
          table.timeOf(row) > after ||
          (this.parts.shape.inclusive && table.timeOf(row) === after),
      )
      .sort((a, b) => table.timeOf(a) - table.timeOf(b))
      .slice(0, limit)
      .map(table.wire)
    const list = this.parts.shape.envelope === 'array' ? rows : { data: rows }
    return { ...answer(200, list), whole: rows.length < limit }
  }

  /** True once for each, when the time has come. */
  private hasLostTrack(reader: string): boolean {
    const { weather, moment, struck } = this.parts
    if (this.healed || !weather.anew || moment().at < weather.anew || this.anew.has(reader)) return false
    this.anew.add(reader)
    struck.count('begin-anew')
    return true
  }

  /** What a list is made of. */
  private listed(table: ServerTable, after: number | undefined): Row[] {
    const rows = this.view(table)
    if (!this.parts.weather.traceless) return rows
    const alive = rows.filter((row) => row.deleted_at === undefined)
    const isNew = (row: Row) => after === undefined || table.timeOf(row) > after
    if (rows.some((row) => row.deleted_at !== undefined && isNew(row)))
      this.parts.struck.count('no-tombstone')
    return alive
  }

  /** What the replica that is asked for a list has. */
  private view(table: ServerTable): Row[] {
    const { weather, draw, struck, moment } = this.parts
    const { name } = table.shape
    if (this.healed || weather.lag === 0 || draw.chance(0.5)) return table.rows()
    const at = moment().at - draw.between(1, weather.lag)
    if (!this.log.isBehind(name, at)) return table.rows()
    struck.count('replica-lag')
    return this.log.rowsAt(name, at)
  }

  private write(call: Call): HttpAnswer {
    const { method, body } = call.request
    const sent = method === 'DELETE' && body === undefined ? {} : parseRow(body)
    return sent ? this.commit(call, sent) : problem(400, 'body is not an object')
  }

  private commit(call: Call, sent: Row): HttpAnswer {
    const { table, request, key } = call
    const before = key === undefined ? undefined : table.find(key)
    if (Object.values(sent).some(isPoison)) return this.refusal(table, before)
    if (before && table.isStale(before, sent)) {
      this.parts.struck.count('stale-version')
      return answer(409, table.wire(before))
    }

    switch (request.method) {
      case 'POST': {
        if (table.taken(sent)) return problem(409, 'the key is taken')
        return this.effect(call, table.insert(sent), undefined, sent, 201)
      }
      case 'PATCH':
      case 'PUT': {
        if (!before) return problem(404, 'no such record')
        return this.effect(call, table.replace(before, sent, request.method === 'PUT'), before, sent, 200)
      }
      case 'DELETE': {
        if (!before) return problem(404, 'no such record')
        this.effect(call, table.bury(before), before, sent, 204)
        return { status: 204, headers: {} }
      }
      default:
        return problem(405, 'no such method')
    }
  }

  /** A row that is there is never said to be gone. */
  private refusal(table: ServerTable, before: Row | undefined): HttpAnswer {
    const { struck, weather } = this.parts
    const { refusal } = weather
    struck.count('refusal')
    if (before && refusal === 409) return answer(409, table.wire(before))
    return problem(before && (refusal === 404 || refusal === 410) ? 422 : refusal, 'value refused')
  }

  private effect(call: Call, row: Row, before: Row | undefined, sent: Row, status: number): HttpAnswer {
    const { request, table, device, user } = call
    const id = request.headers['idempotency-key']
    this.parts.ledger.push({
      ...this.parts.moment(),
      device,
      user,
      method: request.method as Effect['method'],
      table: table.shape.name,
      key: row.id as number | string,
      ...(id !== undefined && { idempotencyKey: id }),
      ...(before && { before }),
      row,
      sent,
    })
    return answer(status, table.wire(row))
  }
}

/** `/api/posts/7` names the record 7 of posts; keys made by servers are numbers. */
function parsePath(path: string): { name: string; key: number | string | undefined } {
  const [, , name = '', segment] = path.split('/')
  if (segment === undefined || segment === '') return { name, key: undefined }
  const text = decodeURIComponent(segment)
  return { name, key: /^-?\d+$/.test(text) ? Number(text) : text }
}

function parseRow(body: string | undefined): Row | undefined {
  try {
    const value: unknown = JSON.parse(body ?? '')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined
  } catch {
    // Not JSON: the caller answers 400.
    return undefined
  }
}
