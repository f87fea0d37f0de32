import { describe, expect, it } from 'vitest'
import { journey } from '../support/journey'
import { costOf, sum, type TransactionCost, thatDid } from './cost'

const concurrency = 6

interface Drained {
  readonly costs: readonly TransactionCost[]
  /** Requests that came to the server, by method. */
  readonly asked: Readonly<Record<string, number>>
  /** Idempotency-Keys of the requests that change something. */
  readonly keys: readonly (string | undefined)[]
}

/** Lets an app write what it likes while nothing leaves, then counts what sending all of it takes. */
async function drain(
  write: (db: Awaited<ReturnType<typeof journey>>['db']) => Promise<unknown>,
  before: (db: Awaited<ReturnType<typeof journey>>['db']) => Promise<unknown> = async () => {},
): Promise<Drained> {
  const { backend, db, sync, until, synced, settled } = await journey({
    config: { sync: { interval: 0, push: { concurrency, debounce: 3_600_000 } } },
  })
  await settled()
  await before(db)
  await synced()
  await write(db)
  const earlier = backend.requests.length
  const costs = await costOf(() => until(sync.push()))
  expect(await sync.getQueueDepth()).toBe(0)
  const requests = backend.requests.slice(earlier)
  const asked: Record<string, number> = {}
  for (const { method } of requests) asked[method] = (asked[method] ?? 0) + 1
  const keys = requests
    .filter(({ method }) => method !== 'GET')
    .map(({ headers }) => headers['idempotency-key'])
  return { costs, asked, keys }
}

const rows = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `n${i}`, text: `note ${i}` }))

describe('what sending b changes asks of IndexedDB', () => {
  it.each([60, 300])('is two transactions for each group of %i that flies together', async (count) => {
    const { costs } = await drain(async (db) => {
      for (const row of rows(count)) await db.notes.add(row)
    })
    const groups = count / concurrency
    const fences = thatDid(costs, '_sync_fences.put')
    const settlements = thatDid(costs, '_sync_fences.delete')
    expect(fences.length).toBeLessThanOrEqual(groups + 1)
    expect(settlements.length).toBeLessThanOrEqual(groups + 1)
    expect(Math.max(...fences.map(({ by }) => by['_sync_fences.put']!))).toBeLessThanOrEqual(concurrency)
    expect(sum(costs).transactions).toBeLessThanOrEqual(2 * groups + 6)
  })

  it('reads each change once, each fence once, and a row or two in each transaction', async () => {
    for (const count of [60, 300]) {
      const { costs } = await drain((db) => db.notes.bulkAdd(rows(count)))
      expect(sum(costs).rowsRead).toBeLessThanOrEqual(2 * count + 3 * costs.length)
    }
  })

  it('is at most 7 requests a change made by a call of its own', async () => {
    const count = 120
    const { costs } = await drain(async (db) => {
      for (const row of rows(count)) await db.notes.add(row)
    })
    expect(sum(costs).requests).toBeLessThanOrEqual(7 * count + 3 * costs.length)
  })

  it('does not write the record of a bulk call again: its progress stands beside it', async () => {
    const { costs } = await drain((db) => db.notes.bulkAdd(rows(200)))
    expect(thatDid(costs, '_sync_log.put')).toEqual([])
    expect(thatDid(costs, '_sync_log.add')).toEqual([])
  })
})

describe('what sending b changes asks of the server', () => {
  it('is one request for each created row, none twice and none beside', async () => {
    const { asked, keys } = await drain((db) => db.notes.bulkAdd(rows(100)))
    expect(asked).toEqual({ POST: 100 })
    expect(new Set(keys).size).toBe(100)
  })

  it('is one request for each changed row, and the one page of the look before them', async () => {
    const { asked, keys } = await drain(
      async (db) => {
        for (const { id } of rows(40)) await db.notes.update(id, { text: 'changed' })
      },
      (db) => db.notes.bulkAdd(rows(40)),
    )
    expect(asked).toEqual({ GET: 1, PATCH: 40 })
    expect(new Set(keys).size).toBe(40)
  })

  it('is one request for a row that was changed many times', async () => {
    const { asked } = await drain(async (db) => {
      await db.notes.add({ id: 'n', text: 'first' })
      for (let i = 0; i < 20; i++) await db.notes.update('n', { text: `edit ${i}` })
    })
    expect(asked).toEqual({ POST: 1 })
  })
})
