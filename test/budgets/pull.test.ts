import { describe, expect, it } from 'vitest'
import type { SyncConfig } from '../../src/index'
import { createBackend } from '../support/backend'
import { createStore } from '../support/backend-store'
import { type Journey, journey } from '../support/journey'
import { costOf, sum, type TransactionCost, thatDid } from './cost'

/** A server that holds this many notes, seconds apart. */
function notes(count: number) {
  const backend = createBackend()
  for (let i = 0; i < count; i++) backend.insert('notes', { id: `n${i}`, text: `note ${i}` })
  return backend
}

const onlyWhenAsked = (pageSize: number) => ({ sync: { interval: 0, pull: { pageSize } } })

/** The transactions that wrote notes while a device pulled all of them for the first time. */
async function firstPull(rows: number, pageSize: number): Promise<TransactionCost[]> {
  const all = await costOf(async () => {
    const device = await journey({ backend: notes(rows), config: onlyWhenAsked(pageSize) })
    await device.settled()
    expect(await device.db.notes.count()).toBe(rows)
  })
  return thatDid(all, 'notes.put')
}

/** A device that has pulled this many rows, so long ago that no late ones are looked for any more. */
async function upToDate(rows: number, more: Partial<SyncConfig> = {}): Promise<Journey> {
  const device = await journey({ backend: notes(rows), config: { ...onlyWhenAsked(5000), ...more } })
  await device.settled()
  await device.device.advance(60_000)
  await device.synced()
  await device.device.advance(60_000)
  await device.synced()
  return device
}

describe('what a page of fresh rows asks of IndexedDB', () => {
  it('is one transaction, one put a row and 4 requests beside, and no row is read', async () => {
    const [page, ...more] = await firstPull(100, 5000)
    expect(more).toEqual([])
    expect(page?.requests).toBeLessThanOrEqual(100 + 4)
    expect(page?.by).toMatchObject({ 'notes.put': 100 })
    expect(page?.by).not.toHaveProperty('notes.get')
  })

  it('is one transaction for each 1,000 rows of a large page, with 3 requests beside its rows', async () => {
    const slices = await firstPull(2500, 5000)
    expect(slices.map(({ by }) => by['notes.put'])).toEqual([1000, 1000, 500])
    expect(sum(slices).requests).toBeLessThanOrEqual(2500 + 4 + 3 + 3)
    // The leader and the checkpoint of each slice.
    expect(sum(slices).rowsRead).toBeLessThanOrEqual(2 * 3)
  })

  it('is one transaction for each page', async () => {
    const pages = await firstPull(400, 102)
    expect(pages.map(({ mode }) => mode)).toEqual(['readwrite', 'readwrite', 'readwrite', 'readwrite'])
    // A page begins with the two rows the one before it ended with, which are compared.
    expect(sum(pages).requests).toBeLessThanOrEqual(400 + 4 * 4 + 2 * 3)
  })
})

describe('what a row that was pulled before asks of IndexedDB', () => {
  it('is nothing where the same page comes again, as the overlap brings it', async () => {
    const backend = createBackend({ store: createStore({ step: 100 }) })
    for (let i = 0; i < 50; i++) backend.insert('notes', { id: `n${i}`, text: 'x' })
    const { sync, until, settled } = await journey({ backend, config: onlyWhenAsked(500) })
    await settled()
    const costs = await costOf(() => until(sync.pull()))
    expect(costs.flatMap(({ by }) => Object.keys(by)).filter((name) => name.startsWith('notes.'))).toEqual([])
  })

  it('is one read and no write where it comes beside a new one', async () => {
    const backend = createBackend({ store: createStore({ step: 100 }) })
    for (let i = 0; i < 50; i++) backend.insert('notes', { id: `n${i}`, text: 'x' })
    const { sync, until, settled } = await journey({ backend, config: onlyWhenAsked(500) })
    await settled()
    backend.insert('notes', { id: 'new', text: 'x' })
    const [page] = thatDid(await costOf(() => until(sync.pull())), 'notes.get')
    expect(page?.by['notes.get']).toBe(50)
    expect(page?.by['notes.put']).toBe(1)
    expect(page?.requests).toBeLessThanOrEqual(50 + 1 + 4)
  })
})

describe('what a poll without news asks of IndexedDB', () => {
  it('is at most one transaction and one row where the server answers nothing', async () => {
    const device = await upToDate(0)
    const { transactions, rowsRead } = sum(await costOf(() => device.until(device.sync.pull())))
    expect(transactions).toBeLessThanOrEqual(1)
    expect(rowsRead).toBeLessThanOrEqual(1)
  })

  it('is no more where rows have a lifetime, until half of it has passed', async () => {
    const device = await upToDate(100, { staleness: { ttl: 600_000 } })
    const poll = async () => sum(await costOf(() => device.until(device.sync.pull()))).transactions
    expect(await poll()).toBeLessThanOrEqual(1)
    await device.device.advance(400_000)
    expect(await poll()).toBeLessThanOrEqual(2)
    expect(await poll()).toBeLessThanOrEqual(1)
  })

  it('does not grow with what is stored', async () => {
    const costs = []
    for (const rows of [10, 1000]) {
      const device = await upToDate(rows)
      costs.push(sum(await costOf(() => device.until(device.sync.pull()))))
    }
    expect(costs[1]).toEqual(costs[0])
  })

  it('is as little where the server answers the last row again, as one that compares with >= does', async () => {
    const device = await upToDate(100)
    const { transactions, rowsRead } = sum(await costOf(() => device.until(device.sync.pull())))
    expect(transactions).toBeLessThanOrEqual(1)
    expect(rowsRead).toBeLessThanOrEqual(1)
  })
})
