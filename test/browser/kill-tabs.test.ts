import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Fence } from '../../src/model/entry'
import type { Disk } from './pages/lab'
import type { Stop } from './pages/stops'
import { Device } from './support/device'
import { type LabServer, startLabServer } from './support/lab-server'
import { soon } from './support/soon'
import { crash } from './support/tabs'

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
let edits = 0

beforeAll(async () => {
  server = await startLabServer()
  device = await Device.create(server)
  await device.begin()
})

beforeEach(() => device.ready())

afterAll(async () => {
  await device?.remove()
  await server?.close()
})

afterEach(() => server.holds.release())

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

/** Edits made offline have come as far as the server, which has not answered, when `next` begins. */
async function whileTheServerThinks(round: string): Promise<Disk> {
  await device.offline()
  await device.edit(`${round} ${++edits}`)
  server.holds.hold({ point: 'received', count: 3 })
  await device.online()
  await soon(() => server.holds.held().received).toBe(3)
  return device.disk()
}

const handovers: {
  name: string
  leave: (page: Page) => Promise<unknown>
  stop: Stop
  epochs: [number, number]
}[] = [
  {
    name: 'before the next one has claimed what a closed one led',
    leave: (page) => page.close(),
    stop: { ...claiming, at: 'write' },
    epochs: [0, 0],
  },
  {
    name: 'with the claim committed after a close',
    leave: (page) => page.close(),
    stop: claiming,
    epochs: [1, 0],
  },
  { name: 'with the claim committed after a crash', leave: crash, stop: claiming, epochs: [1, 0] },
  {
    name: 'with the fences of a page that went elsewhere stamped anew',
    leave: (page) => page.goto(`${server.url}/elsewhere.html`),
    stop: restamping,
    epochs: [1, 1],
  },
  { name: 'with the fences of a crashed page stamped anew', leave: crash, stop: restamping, epochs: [1, 1] },
]

const reopenings: { name: string; stop: Stop; epochs: [number, number] }[] = [
  { name: 'before it leads', stop: { ...claiming, at: 'begin' } as Stop, epochs: [0, 0] },
  { name: 'when it has claimed to lead', stop: claiming, epochs: [1, 0] },
  {
    name: 'when it has read the log',
    stop: { at: 'read', over: ['_sync_log'], table: '_sync_log' },
    epochs: [1, 0],
  },
  {
    name: 'before the fences are stamped anew',
    stop: { ...restamping, at: 'begin' } as Stop,
    epochs: [1, 0],
  },
  { name: 'when the fences were stamped anew', stop: restamping, epochs: [1, 1] },
]

describe('a browser killed between its tabs', () => {
  it.each(rounds)('with an alias read that its tab has not heard of, time %i', async (round) => {
    const title = `alias ${round}`
    const tab = await follow(true)
    const temporary = await tab.evaluate((name) => window.lab.db.cards.add({ title: name, notes: '' }), title)
    await device.page.waitForFunction(
      (key) =>
        window.lab.heard.some(
          ({ name, data }) => name === 'key-assigned' && (data as { temporary: number }).temporary === key,
        ),
      temporary,
    )
    const use = (page: Page) =>
      page.evaluate((id) => window.lab.db.cards.update(id, { notes: 'used' }), temporary)
    const { answer, written } = await device.standAt(
      { at: 'read', over: ['_sync_log', '_sync_aliases', 'cards'], table: '_sync_aliases' },
      () => use(tab),
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

  it.each(handovers)(
    'while another tab takes over: $name',
    async ({ leave, stop, epochs: [risen, stamped] }) => {
      const next = await follow()
      const before = await whileTheServerThinks('handover')
      const sent = writes().length
      await device.standAt(stop, () => leave(device.page), next)
      await device.kill()
      const disk = await device.restart()
      expect(epochOn(disk)).toBe(epochOn(before) + risen)
      expect(disk._sync_leader![0]!.tab === before._sync_leader![0]!.tab).toBe(risen === 0)
      expectSameFences(disk, before, stamped)
      expect(writes()).toHaveLength(sent)
      server.holds.release()
      await device.settle()
    },
  )

  it.each(reopenings)('and again while it reopens: $name', async ({ stop, epochs: [risen, stamped] }) => {
    await whileTheServerThinks('reopening')
    await device.kill()
    server.holds.release()
    const before = await device.restart()
    const sent = writes().length
    await device.standAt(stop, () => device.open())
    await device.kill()
    const disk = await device.restart()
    expect(epochOn(disk)).toBe(epochOn(before) + risen)
    expectSameFences(disk, before, stamped)
    expect(writes()).toHaveLength(sent)
    await device.settle()
  })
})

/** The same requests, byte for byte, under the epoch they were last stamped with. */
function expectSameFences(disk: Disk, before: Disk, stamped: number): void {
  const sent = fencesOn(before).map(({ id, request, epoch }) => ({ id, request, epoch: epoch + stamped }))
  expect(sent.length).toBeGreaterThanOrEqual(3)
  const now = fencesOn(disk).filter(({ id }) => sent.some((fence) => fence.id === id))
  expect(now.map(({ id, request, epoch }) => ({ id, request, epoch }))).toEqual(sent)
}
