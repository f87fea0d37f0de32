import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Board, startBoard } from '../../examples/board/server/board'

interface Card {
  id: number
  title: string
  column: string
  updated_at: string
  version: number
  deleted_at?: string
}

let board: Board

beforeAll(async () => {
  board = await startBoard({ port: 0, page: false, seed: false, testHooks: true })
}, 60_000)
afterAll(() => board.close())
beforeEach(() => call('POST', '/demo/reset'))

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${board.url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined }
}

async function add(title: string, headers?: Record<string, string>): Promise<Card> {
  const { body } = await call('POST', '/api/cards', { title }, headers)
  return body
}

async function changesAfter(time?: string, limit = 500): Promise<Card[]> {
  const after = time ? `&updated_after=${encodeURIComponent(time)}` : ''
  const { body } = await call('GET', `/api/cards?limit=${limit}${after}`)
  return body.data
}

describe('rows', () => {
  it('makes the key of a card, fills in what was left out, and answers the row', async () => {
    const { status, body, headers } = await call('POST', '/api/cards', { title: 'Water the plants' })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      title: 'Water the plants',
      notes: '',
      column: 'todo',
      assignee: null,
      votes: 0,
      position: 0,
      version: 1,
    })
    expect(Number.isInteger(body.id)).toBe(true)
    expect(headers.get('Content-Type')).toContain('application/json')
    expect(headers.get('ETag')).toBe('"1"')
    expect((await call('GET', `/api/cards/${body.id}`)).body).toEqual(body)
  })

  it('changes the fields that were sent and no others', async () => {
    const card = await add('Water the plants')
    const { status, body } = await call('PATCH', `/api/cards/${card.id}`, { column: 'done' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ title: 'Water the plants', column: 'done', version: 2 })
    expect(body.updated_at > card.updated_at).toBe(true)
  })

  it('takes the key of a person from the device, and a repeated create for what it is', async () => {
    const person = { id: randomUUID(), name: 'Ada', hue: 12 }
    expect((await call('POST', '/api/people', person)).status).toBe(201)
    expect((await call('POST', '/api/people', person)).status).toBe(200)
    expect((await call('POST', '/api/people', { ...person, name: 'Eve' })).status).toBe(409)
    expect((await call('POST', '/api/people', { name: 'Nobody' })).status).toBe(422)
  })

  it('keeps a deleted row as a tombstone without its contents', async () => {
    const card = await add('Secret plans')
    const { status, body } = await call('DELETE', `/api/cards/${card.id}`)
    expect(status).toBe(200)
    const tombstone = (await changesAfter(card.updated_at))[0]
    expect(tombstone).toEqual(body)
    expect(tombstone?.deleted_at).toBeTruthy()
    expect(tombstone).not.toHaveProperty('title')
    expect((await call('GET', `/api/cards/${card.id}`)).status).toBe(410)
    expect((await call('PATCH', `/api/cards/${card.id}`, { title: 'Again' })).status).toBe(410)
    expect((await call('DELETE', `/api/cards/${card.id}`)).status).toBe(410)
    expect((await call('DELETE', '/api/cards/99999')).status).toBe(404)
  })

  it('refuses a change of a version it no longer has', async () => {
    const card = await add('Water the plants')
    const path = `/api/cards/${card.id}`
    expect((await call('PATCH', path, { title: 'A', version: 1 })).status).toBe(200)
    const late = await call('PATCH', path, { title: 'B', version: 1 })
    expect(late.status).toBe(409)
    expect(late.body.current).toMatchObject({ title: 'A', version: 2 })
    expect((await call('PATCH', path, { title: 'B' }, { 'If-Match': '"1"' })).status).toBe(409)
    expect((await call('DELETE', path, undefined, { 'If-Match': '"2"' })).status).toBe(200)
  })
})

describe('pulling', () => {
  it('walks through every change in pages, in the order of commits', async () => {
    const before = (await changesAfter()).at(-1)?.updated_at
    await Promise.all(Array.from({ length: 25 }, (_, place) => add(`Card ${place}`)))
    const seen: Card[] = []
    let after = before
    for (let page = 0; page < 4; page++) {
      const rows = await changesAfter(after, 7)
      seen.push(...rows)
      after = rows.at(-1)?.updated_at
    }
    expect(new Set(seen.map((card) => card.title)).size).toBe(25)
    const times = seen.map((card) => card.updated_at)
    expect(times).toEqual([...new Set(times)].sort())
  })

  it('understands times as ISO text and as milliseconds', async () => {
    const first = await add('First')
    const second = await add('Second')
    const inMs = await call('GET', `/api/cards?updated_after=${Date.parse(first.updated_at)}`)
    expect(inMs.body.data).toEqual([second])
    expect(await changesAfter(first.updated_at)).toEqual([second])
    expect((await call('GET', '/api/cards?updated_after=yesterday')).status).toBe(400)
    expect((await call('GET', '/api/cards?limit=0')).status).toBe(400)
  })

  it('tells of a reset by tombstones, so that devices follow', async () => {
    const card = await add('Gone soon')
    await call('POST', '/demo/reset')
    expect(await changesAfter(card.updated_at)).toMatchObject([
      { id: card.id, deleted_at: expect.any(String) },
    ])
  })
})

describe('refusals', () => {
  it('says what is wrong as a problem, field by field', async () => {
    const { status, headers, body } = await call('POST', '/api/cards', {
      title: 'x'.repeat(81),
      column: 'later',
      colour: 'red',
    })
    expect(status).toBe(422)
    expect(headers.get('Content-Type')).toContain('application/problem+json')
    expect(body).toMatchObject({ type: '/problems/invalid-row', status: 422 })
    expect(body.errors.map((error: { field: string }) => error.field)).toEqual(['title', 'column', 'colour'])
  })

  it.each([
    ['a forbidden word', { title: 'A Forbidden thing' }, 422],
    ['an empty title', { title: '  ' }, 422],
    ['a person without a UUID', { title: 'A', assignee: 'Ada' }, 422],
    ['a list', [1], 400],
  ])('refuses %s', async (_what, body, status) => {
    expect((await call('POST', '/api/cards', body)).status).toBe(status)
  })

  it('answers broken JSON and unknown addresses as problems too', async () => {
    const broken = await fetch(`${board.url}/api/cards`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"title":',
    })
    expect([broken.status, broken.headers.get('Content-Type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ])
    expect((await call('GET', '/api/nothing')).status).toBe(404)
  })
})

describe('Idempotency-Key', () => {
  it('answers a repeat from memory, word for word, without doing anything', async () => {
    const headers = { 'Idempotency-Key': randomUUID() }
    const first = await call('POST', '/api/cards', { title: 'Once' }, headers)
    const again = await call('POST', '/b/api/cards', { title: 'Once' }, headers)
    expect([again.status, again.body]).toEqual([201, first.body])
    expect(again.headers.get('Idempotency-Replayed')).toBe('true')
    expect((await changesAfter()).filter((card) => card.title === 'Once')).toHaveLength(1)
  })

  it('repeats a refusal, which left nothing behind', async () => {
    const headers = { 'Idempotency-Key': randomUUID() }
    const first = await call('POST', '/api/cards', { title: 'forbidden' }, headers)
    const again = await call('POST', '/api/cards', { title: 'forbidden' }, headers)
    expect(first.status).toBe(422)
    expect([again.status, again.body]).toEqual([422, first.body])
  })

  it('refuses the key of one request for another', async () => {
    const headers = { 'Idempotency-Key': randomUUID() }
    await add('Once', headers)
    const { status, body } = await call('POST', '/api/cards', { title: 'Other' }, headers)
    expect([status, body.type]).toEqual([422, '/problems/idempotency-key-reused'])
  })

  it('says 409 while the first request is being worked on, and the answer afterwards', async () => {
    await call('POST', '/demo/hold', { point: 'received' })
    const headers = { 'Idempotency-Key': randomUUID() }
    const first = call('POST', '/api/cards', { title: 'Slow one' }, headers)
    await held('received')
    const meanwhile = await call('POST', '/api/cards', { title: 'Slow one' }, headers)
    expect([meanwhile.status, meanwhile.body.type]).toEqual([409, '/problems/idempotency-key-outstanding'])
    expect(meanwhile.headers.get('Retry-After')).toBe('1')
    await call('POST', '/demo/release')
    const { body } = await first
    expect((await call('POST', '/api/cards', { title: 'Slow one' }, headers)).body).toEqual(body)
  })

  it('repeats the answer of a write that was committed but never answered', async () => {
    await call('POST', '/demo/hold', { point: 'committed' })
    const headers = { 'Idempotency-Key': randomUUID() }
    const first = call('POST', '/api/cards', { title: 'Unheard' }, headers)
    await held('committed')
    const again = await call('POST', '/api/cards', { title: 'Unheard' }, headers)
    expect(again.headers.get('Idempotency-Replayed')).toBe('true')
    await call('POST', '/demo/release')
    expect((await first).body).toEqual(again.body)
  })

  async function held(point: 'received' | 'committed'): Promise<void> {
    for (let tries = 0; tries < 500; tries++) {
      const { body } = await call('GET', '/demo/held')
      if (body[point] > 0) return
    }
    throw new Error(`nothing was held at ${point}`)
  }
})

describe('weather', () => {
  it('fails on wish, and says when to come back', async () => {
    await call('POST', '/demo/weather', { failing: true })
    const { status, headers } = await call('GET', '/api/cards')
    expect([status, headers.get('Retry-After')]).toEqual([503, '2'])
    await call('POST', '/demo/weather', { failing: false })
    expect((await call('GET', '/api/cards')).status).toBe(200)
  })

  it('loses the first answer to a write, not the write', async () => {
    await call('POST', '/demo/weather', { losing: true })
    const headers = { 'Idempotency-Key': randomUUID() }
    await expect(add('Lost answer', headers)).rejects.toThrow()
    expect((await call('POST', '/api/cards', { title: 'Lost answer' }, headers)).status).toBe(201)
    expect((await changesAfter()).filter((card) => card.title === 'Lost answer')).toHaveLength(1)
  })
})

it('logs each request with its device, user, key and whether it was a repeat', async () => {
  const headers = { 'Idempotency-Key': randomUUID() }
  const asAda = { ...headers, Authorization: 'Bearer demo-ada' }
  await call('POST', '/a/api/cards', { title: 'Once' }, asAda)
  await call('POST', '/b/api/cards', { title: 'Once' }, headers)
  const { body } = await call('GET', '/demo/log')
  const key = headers['Idempotency-Key']
  expect(body.data.slice(-2)).toMatchObject([
    { device: 'a', user: 'ada', method: 'POST', path: '/cards', key, replayed: false, status: 201 },
    { device: 'b', user: null, method: 'POST', path: '/cards', key, replayed: true, status: 201 },
  ])
})

describe('a board in a folder', () => {
  it('keeps its rows and answers over a restart, and lets one process in at a time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'board-'))
    const options = { place: { kind: 'folder', path: join(folder, 'rows') }, port: 0, page: false } as const
    const lock = join(folder, 'rows.lock')
    // What a process that was killed leaves behind: no process has this number.
    await writeFile(lock, JSON.stringify({ pid: 2 ** 22 + 1, token: 'left behind' }))
    const first = await startBoard(options)
    await expect(startBoard(options)).rejects.toThrow(/Another board .* uses this folder/)
    const request = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
      body: JSON.stringify({ title: 'Still here' }),
    }
    const answer = await (await fetch(`${first.url}/api/cards`, request)).json()
    await first.close()
    await expect(readFile(lock)).rejects.toThrow(/ENOENT/)

    const second = await startBoard(options)
    const repeated = await fetch(`${second.url}/api/cards`, request)
    expect(await repeated.json()).toEqual(answer)
    expect(repeated.headers.get('Idempotency-Replayed')).toBe('true')
    const { data } = (await (await fetch(`${second.url}/api/cards`)).json()) as { data: Card[] }
    expect(data.filter((card) => card.title === 'Still here')).toHaveLength(1)
    expect(data).toHaveLength(8)
    await second.close()
    await rm(folder, { recursive: true })
  }, 60_000)
})
