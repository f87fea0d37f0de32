import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSyncError } from '../../src/model/error'
import { recordAddress } from '../../src/protocol/rest/record-address'
import type { Routes } from '../../src/protocol/rest/routes'
import { restTable } from '../../src/protocol/rest/table'
import { createAddress } from '../../src/transport/address'
import { createBackend } from '../support/backend'
import { journey } from '../support/journey'

const place = createAddress('https://api.example.test/v1')
const table = restTable(
  'notes',
  { push: { create: { url: '/api/notes' } }, pull: { method: 'GET', url: '/api/notes' } } as Routes[string],
  { keyPath: 'id', auto: false },
  { conflicts: {}, verify: 'none' },
)

/** Texts out of what paths are cut and bent with, and any others. */
const ids = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '.',
        '..',
        '/',
        '\\',
        '%',
        '%2e',
        '%2F',
        '%5c',
        '%25',
        '%00',
        '?',
        '#',
        ';',
        '@',
        ':',
        ' ',
        '\t',
        '\n',
        'a',
        'é',
        '．',
        '／',
        '\u202e',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
)

/** The address for a key, or undefined where the key is refused. */
function addressFor(url: string, isTemplate: boolean, id: string): URL | undefined {
  try {
    const source = { url, isTemplate, name: 'url' }
    return place.resolve(recordAddress(source, table, place, { row: { id }, key: id, kind: 'delete' }))
  } catch (error) {
    if (!isSyncError(error)) throw error
    expect(error.code).toBe('unroutable-key')
    return undefined
  }
}

describe('S2 an id', () => {
  it.each([
    ['/api/notes/:id', 1],
    ['/api/notes/:key/archive', 2],
    ['/api/:id/notes/:id', 1],
  ])('fills its own segment of %s and no other, for ten thousand ids', (template, fromEnd) => {
    let sent = 0
    fc.assert(
      fc.property(ids, (id) => {
        const address = addressFor(template, true, id)
        if (!address) return
        sent += 1
        const wanted = `/v1${template}`.split('/')
        const found = address.pathname.split('/')
        expect([found.length, address.search, address.hash]).toEqual([wanted.length, '', ''])
        for (const [at, segment] of wanted.entries())
          if (!segment.startsWith(':')) expect(found[at]).toBe(segment)
        expect(decodeURIComponent(found.at(-fromEnd)!)).toBe(id)
      }),
      { numRuns: 10_000 },
    )
    expect(sent, 'most ids can be sent').toBeGreaterThan(5_000)
  })

  it('that a function joins to its address unencoded stays under baseUrl and off the collection', () => {
    fc.assert(
      fc.property(ids, (id) => {
        const address = addressFor(`/api/notes/${id}`, false, id)
        if (!address) return
        expect(address.origin).toBe('https://api.example.test')
        expect(address.pathname.startsWith('/v1/')).toBe(true)
        expect(address.pathname.replace(/\/$/, '')).not.toBe('/v1/api/notes')
      }),
      { numRuns: 10_000 },
    )
  })
})

it('S3 a DELETE never reaches the collection, whatever the key of the row is', async () => {
  const backend = createBackend()
  const paths: string[] = []
  const fetch = (request: Request) => {
    if (request.method === 'DELETE') paths.push(new URL(request.url).pathname)
    return backend.fetch(request)
  }
  const { db, sync, device, settled } = await journey({ backend: { ...backend, fetch } })
  const hostile = [
    '',
    '.',
    '..',
    '%2e',
    '%2E%2e',
    '.%2e',
    '/',
    '//',
    '../',
    './',
    '?',
    '#',
    '?x=1',
    'a/..',
    '\ud800',
  ]
  for (const id of [...hostile, 'good']) await db.notes.add({ id, text: id })
  await device.settle()
  for (const id of [...hostile, 'good']) await db.notes.delete(id)
  await sync.sync().catch(() => undefined) // what cannot be sent is looked at below
  await device.advance(60_000)
  await db.notes.add({ id: 'late', text: 'x' })
  await settled()
  await db.notes.delete('late')
  await settled()
  expect(paths).toContain('/api/notes/late')
  expect(paths.filter((path) => /^\/api(\/notes)?\/*$/.test(path))).toEqual([])
})
