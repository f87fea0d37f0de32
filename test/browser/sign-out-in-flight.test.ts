import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectFinalState } from './support/final-state'
import { soon } from './support/soon'
import { launch, Tabs } from './support/tabs'
import { startUsersServer, type UsersServer } from './support/users-server'

let server: UsersServer
let browser: Browser
let tabs: Tabs

beforeAll(async () => {
  browser = await launch()
})

afterAll(() => browser?.close())

beforeEach(async () => {
  server = await startUsersServer()
  server.insert('A', 'cards', { title: 'A from the server', notes: '' })
  server.insert('B', 'cards', { title: 'B from the server', notes: '' })
  tabs = await Tabs.create(server.of('A'), browser)
})

afterEach(async () => {
  await tabs?.close()
  await server?.close()
})

/** The app takes over a login, in whatever tab it is done. */
function logIn(page: Page, user: string): Promise<void> {
  return page.evaluate((name) => {
    localStorage.setItem('user', name)
    localStorage.setItem('token', name)
  }, user)
}

/** Two tabs of A, of which the first leads. */
async function signedIn(): Promise<readonly [Page, Page]> {
  const opening = { login: true, baseUrl: server.api }
  const leader = await tabs.visit()
  await logIn(leader, 'A')
  await leader.evaluate((how) => window.lab.open(how), opening)
  const other = await tabs.open(opening)
  for (const page of [leader, other]) await page.evaluate(() => window.lab.settled())
  return [leader, other]
}

/** A create was carried out and is not answered, a change of its row and one of another wait. Answers how it is answered. */
async function busy(leader: Page, other: Page): Promise<() => void> {
  const create = server.backend.holdNext({ method: 'POST' })
  await tabs.add(leader, 'A on its way')
  await create.arrived
  await tabs.change(other, 'A on its way', 'A waits')
  await tabs.change(leader, 'A from the server', 'A has changed it')
  return () => create.release()
}

function textOn(page: Page): Promise<string> {
  return page.evaluate(async () => JSON.stringify(await window.lab.disk()))
}

function titlesOn(page: Page): Promise<string[]> {
  return page.evaluate(async () => (await window.lab.db.cards.toArray()).map(({ title }) => title))
}

async function becomeB(page: Page): Promise<void> {
  await logIn(page, 'B')
  await page.evaluate(() => window.lab.sync.start())
  await soon(async () => {
    await page.evaluate(() => window.lab.sync.sync().catch(() => undefined))
    return titlesOn(page)
  }).toEqual(['B from the server'])
}

describe('signing out with answers in flight and changes waiting', () => {
  it('throws away what A has dropped: no answer of theirs comes to B', async () => {
    const [leader, other] = await signedIn()
    const answer = await busy(leader, other)
    await other.evaluate(() => window.lab.sync.signOut({ pending: 'discard' }))
    const ofA = tabs.acknowledged
    await becomeB(other)
    answer()
    const b = new Map<string, (string | null)[]>()
    Object.assign(tabs, { acknowledged: b })
    await tabs.add(leader, 'B made it')
    await expectFinalState(server.of('B'), [tabs])
    for (const page of [leader, other]) expect(await textOn(page)).not.toMatch(/"A /)
    // What had left before may be there, once.
    const cards = server.rows('A', 'cards')
    expect(cards.map(({ title }) => title)).toEqual(['A from the server', 'A on its way'])
    expect(cards[1]).toMatchObject({ notes: '' })
    expect(ofA.get('A on its way')).toEqual(['', 'A waits'])
    server.expectApart()
  })

  it('keeps what waits for A: it is not seen by B, and arrives once when A is back', async () => {
    const [leader, other] = await signedIn()
    const answer = await busy(leader, other)
    await other.evaluate(() => window.lab.sync.signOut({ pending: 'keep' }))
    await becomeB(other)
    answer()
    // What is kept for A counts as not synced, for whoever would delete the database.
    await leader.evaluate(() => window.lab.sync.sync())
    expect(await leader.evaluate(() => window.lab.sync.hasUnsyncedChanges())).toBe(true)
    expect(await leader.evaluate(() => window.lab.sync.pending())).toEqual([])
    expect(await titlesOn(leader)).toEqual(['B from the server'])
    await leader.evaluate(() => window.lab.sync.signOut())
    await logIn(leader, 'A')
    for (const page of [leader, other]) await page.evaluate(() => window.lab.sync.start())
    await expectFinalState(server.of('A'), [tabs])
    expect(server.rows('B', 'cards')).toHaveLength(1)
    server.expectApart()
  })

  it('applies no page of A that comes when B is here', async () => {
    const [leader, other] = await signedIn()
    server.insert('A', 'cards', { title: 'A has made it elsewhere', notes: '' })
    const page = server.backend.holdNext({ method: 'GET', path: '/api/cards' })
    const pulling = leader.evaluate(() => window.lab.sync.pull().then(String, String))
    await page.arrived
    await other.evaluate(() => window.lab.sync.signOut())
    await becomeB(other)
    page.release()
    await pulling
    await expectFinalState(server.of('B'), [tabs])
    for (const one of [leader, other]) expect(await titlesOn(one)).toEqual(['B from the server'])
    server.expectApart()
  })
})
