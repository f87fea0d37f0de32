import { cpuUsage } from 'node:process'
import { describe, expect, it } from 'vitest'
import { parseTemplate } from '../../src/protocol/rest/template'
import { createAddress } from '../../src/transport/address'
import { toHeaderValues } from '../../src/transport/headers'
import { parseJson } from '../../src/transport/json'
import { maskCredentials, maskRow } from '../../src/transport/mask'
import { bodyOf } from '../../src/transport/reader'
import { parseHttpDate, parseRetryAfter } from '../../src/transport/retry-after'
import { serverMessage } from '../../src/transport/server-message'
import { expectSameRows, journey } from '../support/journey'

const json = (text: string) => ({ status: 200, headers: { 'content-type': 'application/json' }, text })
const list = { method: 'GET', path: '/api/notes' }

const bombs: readonly [string, () => string][] = [
  ['a list a hundred thousand deep', () => '['.repeat(100_000) + ']'.repeat(100_000)],
  ['an object a hundred thousand deep', () => `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ['more rows than any page has', () => `[${'{},'.repeat(1_100_000)}{}]`],
  ['more lists than any page has', () => `{"data":[${'[],'.repeat(1_100_000)}[]]}`],
  ['more fields than any page has', () => `[{${'"":0,'.repeat(10_000_100)}"a":1}]`],
]

describe('S13 an answer that is a bomb', () => {
  it.each(bombs)('%s is refused before it is parsed, and the next good page is taken', async (_, make) => {
    const { db, sync, backend, until, synced } = await journey()
    const failed: string[] = []
    sync.on('pull-error', ({ reason }) => failed.push(reason.code))
    backend.respondNext(1, json(make()), list)
    await until(sync.pull())
    expect(failed).toEqual(['bad-answer'])
    backend.insert('notes', { id: 'good', text: 'x' })
    await synced()
    expect(await db.notes.get('good')).toMatchObject({ text: 'x' })
    await expectSameRows(db, backend)
  })

  it('to a change is no acknowledgement of it', async () => {
    const { db, backend, settled } = await journey()
    backend.changeNext(1, () => json('['.repeat(100_000) + ']'.repeat(100_000)), { method: 'POST' })
    await db.posts.add({ title: 'once' })
    await settled()
    expect(backend.rows('posts')).toHaveLength(1)
    await expectSameRows(db, backend)
  })

  it('a page of 100,000 rows is none', () => {
    const rows = Array.from({ length: 100_000 }, (_, id) => ({ id, title: 'a title', done: false, at: 5 }))
    expect(parseJson(JSON.stringify(rows))).toHaveLength(100_000)
  })
})

describe('S14 what a server gives back to be sent again', () => {
  it('is at most 4 kB: a key that goes into the next address, too', async () => {
    const routes = {
      notes: {
        pull: {
          method: 'GET' as const,
          url: '/api/notes',
          checkpoint: { type: 'keyset' as const, field: 'updated_at', key: 'id' },
        },
      },
    }
    const { sync, backend, until, device } = await journey({ config: { routes } })
    const failed: string[] = []
    sync.on('pull-error', ({ reason }) => failed.push(reason.code))
    const row = { id: 'x'.repeat(100_000), text: 'x', updated_at: '2030-01-01T00:00:00.000Z' }
    backend.respondNext(1, { status: 200, body: { data: [row], hasMore: true } }, list)
    await until(sync.pull())
    await device.settle()
    expect(failed).toEqual(['bad-answer'])
    expect(backend.asked(list).filter(({ query }) => JSON.stringify(query).length > 5_000)).toEqual([])
  })
})

const { resolve } = createAddress('https://api.example.test/v1')

/** Texts of about `size` letters. */
const readers: readonly [name: string, input: (size: number) => string, read: (text: string) => unknown][] = [
  ['a template of names', (size) => '/:a'.repeat(size / 4), parseTemplate],
  ['a template of colons', (size) => '/:'.repeat(size / 2), parseTemplate],
  ['an address of slashes', (size) => `/a${'/'.repeat(size)}`, (text) => resolve(text)],
  ['an address of dots', (size) => '/.a'.repeat(size / 4), (text) => resolve(text)],
  ['a baseUrl of slashes', (size) => '/'.repeat(size), (text) => createAddress(`https://api.test${text}x`)],
  ['JSON of quotes', (size) => `["${'\\"'.repeat(size / 2)}"]`, parseJson],
  ['JSON of backslashes', (size) => `["${'\\\\'.repeat(size / 2)}"]`, parseJson],
  ['JSON of keys that are dropped', (size) => `[${'{"__proto__":1},'.repeat(size / 16)}1]`, parseJson],
  ['a Retry-After of digits', (size) => '9'.repeat(size), (text) => parseRetryAfter(text, 0)],
  ['a date', (size) => `Mon, 01 Jan ${' '.repeat(size)}`, (text) => parseHttpDate(text, 0)],
  ['a media type', (size) => `application/${'+a'.repeat(size / 2)}`, (text) => bodyOf('[]', text, 200)],
  ['a message', (size) => 'a\n\u200b'.repeat(size / 4), (text) => serverMessage({ kind: 'text', text })],
  [
    'a row that is quoted',
    (size) => 'aaaa'.repeat(size / 4),
    (text) => maskRow('aaaa'.repeat(250), { text }),
  ],
  [
    'a text that quotes a login',
    (size) => 'secret-a '.repeat(size / 8),
    (text) => maskCredentials(text, { a: 'secret-a secret-b' }),
  ],
  ['a header', (size) => 'a'.repeat(size), (text) => toHeaderValues({ 'x-a': text })],
]

describe('S24 a megabyte takes about 16 times as long as 64 kB, not 256 times', () => {
  it.each(readers)('%s', (_, input, read) => {
    const [small, large] = [input(2 ** 16), input(2 ** 20)]
    const best = { small: Number.POSITIVE_INFINITY, large: Number.POSITIVE_INFINITY }
    for (let round = 0; round < 3; round++) {
      best.small = Math.min(
        best.small,
        timeOf(() => read(small)),
      )
      best.large = Math.min(
        best.large,
        timeOf(() => read(large)),
      )
    }
    // The second term is for what is over too soon to be measured.
    expect(best.large).toBeLessThan(best.small * 64 + 100)
  })
})

/** Time of the processor, ms: others on the same machine do not count. */
function timeOf(code: () => unknown): number {
  const begun = cpuUsage()
  code()
  const { user, system } = cpuUsage(begun)
  return (user + system) / 1000
}
