import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fence } from '../../src/model/entry'
import type { Disk } from './pages/lab'
import type { Stop } from './pages/stops'
import { Device } from './support/device'
import { type LabServer, startLabServer } from './support/lab-server'

const rounds = [1, 2, 3, 4, 5]
const claiming: Stop = { at: 'commit', over: ['_sync_leader'], only: true, wrote: '_sync_leader' }
const restamping: Stop = {
  at: 'commit',
  over: ['_sync_fences', '_sync_leader'],
  only: true,
  wrote: '_sync_fences',
}

let server: LabServer
let device: Device

beforeAll(async () => {
  server = await startLabServer()
  device = await Device.create(server)
})

afterAll(async () => {
  await device?.remove()
  await server?.close()
})

function fencesOn(disk: Disk): Fence[] {
  return disk._sync_fences as unknown as Fence[]
}

function epochOn(disk: Disk): number {
  return disk._sync_leader![0]!.epoch as number
}

/** Requests that could change something at the server. */
function writes() {
  return server.arrivals.filter(({ method }) => method !== 'GET')
}

async function follow(deaf = false): Promise<Page> {
  const page = await device.newPage()
  await page.evaluate((opening) => window.lab.open(opening), { deaf })
  return page
}

/** What an app may do with the key it was given at first, and what is then to be at the server. */
const uses = [
  {
    name: 'update',
    use: (id: number) => window.lab.db.cards.update(id, { notes: 'used' }),
  },
  {
    name: 'put',
    use: async (id: number) => {
      const title = (await window.lab.db.cards.toArray()).find((card) => card.id > 0)!.title
      return window.lab.db.cards.put({ id, title, notes: 'used' })
    },
  },
]

describe('a browser killed between its tabs', () => {
  it.each(rounds)('with an alias read that its tab has not heard of, time %i', async (round) => {
    const title = `alias ${round}`
    const tab = await follow(true)
    const temporary = await tab.evaluate((name) => window.lab.db.cards.add({ title: name, notes: '' }), title)
    await device.page.waitForFunction(
      (key) =>
        window.lab.heard.some(({ name, data }) => name === 'key-assigned' && (data as { temporary: number }).temporary === key),
      temporary,
    )
    const use = (page: Page) =>
      page.evaluate((id) => window.lab.db.cards.update(id, { notes: 'used' }), temporary)
    const { answer, written } = await device.standAt(
      { at: 'read', over: ['_sync_log', '_sync_aliases', 'cards'], table: '_sync_aliases' },
      async () => void use(tab).catch(() => 'killed before it was done'),
      tab,
    )
    expect(answer).toMatchObject({ table: 'cards', temporary })
    expect(written).toEqual([])
    const { key } = answer as { key: number }
    await device.kill()
    const disk = await device.restart()
    expect(disk._sync_aliases).toContainEqual(expect.objectContaining({ temporary, key }))
    expect(disk.cards!.filter((row) => row.title === title)).toMatchObject([{ id: key, notes: '' }])
    expect(disk._sync_log).toEqual([])
    // Whoever was told of no commit does it again, with the key known then.
    await device.open()
    expect(await use(device.page)).toBe(1)
    device.expectCard(title, 'used', 2)
    await device.settle()
  })
})
