import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LabServer, startLabServer } from './support/lab-server'
import { soon } from './support/soon'
import { cardsOn, heard, launch, Tabs } from './support/tabs'

let server: LabServer
let browser: Browser
let tabs: Tabs

beforeAll(async () => {
  server = await startLabServer()
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

beforeEach(async () => {
  tabs = await Tabs.create(server, browser)
})

afterEach(async () => {
  server.holds.release()
  await tabs.close()
})

function add(page: Page, card: { title: string; notes?: string; remarks?: string }): Promise<number> {
  return page.evaluate((one) => window.lab.db.cards.add(one), card)
}

function edit(page: Page, title: string, fields: { notes?: string; remarks?: string }): Promise<number> {
  return page.evaluate(([name, how]) => window.lab.db.cards.where('title').equals(name).modify(how), [
    title,
    fields,
  ] as const)
}

async function settled(page: Page): Promise<void> {
  await page.evaluate(() => window.lab.settled())
}

/** A page of the release that renames notes holds what the server does, in its own words. */
async function expectSameRenamed(page: Page): Promise<void> {
  const there = (await server.livingCards()).map(({ notes, ...card }) => ({ ...card, remarks: notes }))
  expect(await cardsOn(page)).toEqual(there)
}

async function notesAtServer(name: string): Promise<Record<string, string | undefined>> {
  const own = (await server.livingCards()).filter(({ title }) => title.startsWith(name))
  expect(new Set(own.map(({ title }) => title)).size).toBe(own.length)
  return Object.fromEntries(own.map(({ title, notes }) => [title, notes]))
}

describe('a release of the app that renames a field', () => {
  it('sends what the old one left, once, and both sides hold the same', async () => {
    const old = await tabs.open()
    await add(old, { title: 'left there', notes: 'old' })
    await settled(old)
    server.holds.hold({ point: 'received', count: 1 })
    await add(old, { title: 'left on its way', notes: 'sent' })
    await soon(() => server.holds.held().received).toBe(1)
    await edit(old, 'left on its way', { notes: 'edited behind it' })
    await tabs.context.setOffline(true)
    await add(old, { title: 'left waiting', notes: 'made offline' })
    await edit(old, 'left there', { notes: 'edited offline' })
    await old.close()
    server.holds.release()
    await tabs.context.setOffline(false)
    const next = await tabs.open({ renamed: true })
    await settled(next)
    expect(await notesAtServer('left')).toEqual({
      'left there': 'edited offline',
      'left on its way': 'edited behind it',
      'left waiting': 'made offline',
    })
    await expectSameRenamed(next)
    expect(await heard(next, 'error')).toEqual([])
    expect(await heard(next, 'dead-letter')).toEqual([])
  })

  it('takes over from a tab on old code, and sends what that goes on writing', async () => {
    const old = await tabs.open()
    await add(old, { title: 'both first', notes: 'old' })
    await settled(old)
    const next = await tabs.open({ renamed: true })
    await add(old, { title: 'both of the old', notes: 'written later' })
    await add(next, { title: 'both of the new', remarks: 'by the new' })
    await edit(old, 'both first', { notes: 'edited by the old' })
    await expect
      .poll(() => notesAtServer('both'), { timeout: 30_000 })
      .toEqual({
        'both first': 'edited by the old',
        'both of the old': 'written later',
        'both of the new': 'by the new',
      })
    await settled(next)
    await expectSameRenamed(next)
    expect(await old.evaluate(() => window.lab.sync.getStatus().state)).toBe('outdated')
    expect(await old.evaluate(() => window.lab.sync.isLeader())).toBe(false)
  })
})
