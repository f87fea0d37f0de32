import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Device } from './support/device'
import { type LabServer, startLabServer } from './support/lab-server'

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

describe('a browser killed while sync comes to a database that has rows', () => {
  it('leaves the database as it was, and brings sync to it next time', async () => {
    await device.page.evaluate(async () => {
      await window.lab.open({ sync: false })
      await window.lab.db.people.add({ id: crypto.randomUUID(), name: 'there before' })
    })
    const before = await device.disk()
    expect(Object.keys(before)).toEqual(['cards', 'people'])
    for (const table of ['_sync_aliases', '_sync_log', '_sync_meta']) {
      await device.kill()
      await device.start()
      await device.standAt({ at: 'create', over: [], table }, () => device.open())
      await device.kill()
      expect(await device.restart()).toEqual(before)
    }
    await device.open()
    await device.edit('with sync')
    await device.page.evaluate(() => window.lab.settled())
    const disk = await device.disk()
    expect(disk.people!.map(({ name }) => name).sort()).toEqual(['there before', 'with sync'])
    expect(disk._sync_fences).toEqual([])
    expect((await server.livingCards()).map(({ title }) => title).sort()).toEqual([
      'with sync first',
      'with sync second',
      'with sync third',
    ])
  })
})
