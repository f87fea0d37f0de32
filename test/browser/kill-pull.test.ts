import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Disk } from './pages/lab'
import { Device } from './support/device'
import { crowd, type LabServer, startLabServer } from './support/lab-server'

const rounds = [1, 2, 3, 4, 5]
/** Tables of the transactions that apply a page, and of no others. */
const applying = ['_sync_checkpoints', '_sync_quarantine']

let server: LabServer
let device: Device

beforeAll(async () => {
  server = await startLabServer()
  device = await Device.create(server, { pageSize: 5_000 })
  await device.begin()
})

beforeEach(() => device.ready())

afterAll(async () => {
  await device?.remove()
  await server?.close()
})

function checkpointOn(disk: Disk, scope: string) {
  return disk._sync_checkpoints!.find((row) => row.scope === scope)
}

/** Changes of cards wait: each is looked at before it leaves, so their page comes while they do. */
describe('a browser killed on the way of a page to the device', () => {
  it.each(rounds)('with the page received, time %i', async (round) => {
    await device.offline()
    await device.edit(`page ${round}`)
    const before = await device.disk()
    const title = `made elsewhere ${round}`
    await server.makeElsewhere(title)
    const { bodies } = await device.standAt({ at: 'begin', over: [...applying, 'cards'] }, () =>
      device.online(),
    )
    expect(
      bodies.some((body) => JSON.parse(body).data?.some((row: { title?: string }) => row.title === title)),
    ).toBe(true)
    await device.kill()
    const disk = await device.restart()
    expect(checkpointOn(disk, 'cards')).toEqual(checkpointOn(before, 'cards'))
    expect(disk.cards!.filter((row) => row.title === title)).toEqual([])
    const waiting = disk._sync_log!.flatMap(({ changes }) => changes as { kind: string }[])
    expect(waiting.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['update', 'delete']))
    await device.settle()
  })

  it.each(rounds)('between two slices of the page, time %i', async (round) => {
    await device.offline()
    await device.edit(`slice ${round}`)
    const before = await device.disk()
    await server.crowd(round)
    const slices = (round % 2) + 1
    await device.standAt(
      { at: 'commit', over: [...applying, 'people'], spared: '_sync_checkpoints', nth: slices },
      () => device.online(),
    )
    await device.kill()
    const disk = await device.restart()
    expect(checkpointOn(disk, 'people')).toEqual(checkpointOn(before, 'people'))
    const applied = disk.people!.filter(
      ({ hue, name }) => hue === round && String(name).startsWith(crowd),
    ).length
    // What the device itself has made is in the page too, and may be among the rows of a slice.
    expect(applied).toBeGreaterThan(1_000 * slices - 20)
    expect(applied).toBeLessThanOrEqual(1_000 * slices)
    await device.settle()
    expect((await device.disk()).people!.filter(({ hue }) => hue === round)).toHaveLength(2_100)
  })
})
