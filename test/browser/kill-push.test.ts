import { isDeepStrictEqual } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Fence } from '../../src/model/entry'
import type { Disk } from './pages/lab'
import { Device } from './support/device'
import { type LabServer, startLabServer } from './support/lab-server'
import { soon } from './support/soon'

const rounds = [1, 2, 3, 4, 5]
/** All the tables of the transactions that settle, and of no others. */
const settling = ['_sync_fences', '_sync_aliases', '_sync_letters', '_sync_conflicts']

let server: LabServer
let device: Device

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

function arrivalsOf(key: string): number {
  return server.arrivals.filter((arrival) => arrival.key === key).length
}

/** Requests whose answer left the server whole, by key. */
function answered(): Map<string, number> {
  return new Map(
    server.log
      .list()
      .filter(({ key, status }) => key !== null && status >= 200 && status < 300)
      .map(({ key, number }) => [key!, number]),
  )
}

async function titlesAtServer(): Promise<string[]> {
  const { rows } = await server.pool.query<{ title: string }>('select title from cards')
  return rows.map(({ title }) => title)
}

/** Fences of new cards that the server has made, though the device goes on with their temporary keys. */
async function madeUnknown(disk: Disk): Promise<Fence[]> {
  const there = await titlesAtServer()
  const made = fencesOn(disk).filter(
    ({ items: [item] }) =>
      item?.table === 'cards' && item.kind === 'create' && there.includes(item.row?.title as string),
  )
  for (const { items } of made) {
    expect(disk.cards!.filter(({ title }) => title === items[0]!.row!.title)).toMatchObject([
      { id: items[0]!.key },
    ])
    expect(disk._sync_aliases!.some(({ temporary }) => temporary === items[0]!.key)).toBe(false)
  }
  return made
}

describe('a browser killed on the way of a change to the server', () => {
  it.each(rounds)('with the fence committed and nothing sent, time %i', async (round) => {
    await device.offline()
    await device.edit(`fence ${round}`)
    const before = server.arrivals.length
    await device.standAt(
      {
        at: 'commit',
        over: ['_sync_fences', '_sync_log', '_sync_leader', '_sync_letters'],
        wrote: '_sync_fences',
        nth: (round % 2) + 1,
      },
      () => device.online(),
    )
    await device.kill()
    const disk = await device.restart()
    const unsent = fencesOn(disk).filter(({ id }) => arrivalsOf(id) === 0)
    expect(unsent).not.toEqual([])
    if (round % 2 === 0) expect(server.arrivals.slice(before)).toEqual([])
    await device.settle()
    expect(unsent.map(({ id }) => arrivalsOf(id))).toEqual(unsent.map(() => 1))
  })

  it.each(rounds)('with its request at the server, time %i', async (round) => {
    await device.offline()
    await device.edit(`received ${round}`)
    const before = server.arrivals.length
    server.holds.hold({ point: 'received', count: 3 })
    await device.online()
    await soon(() => server.holds.held().received).toBe(3)
    await device.kill()
    const keys = server.arrivals.slice(before).flatMap(({ key }) => key ?? [])
    expect((await titlesAtServer()).filter((title) => title.startsWith(`received ${round}`))).toEqual([])
    if (round % 2 === 0) server.holds.release()
    const disk = await device.restart()
    expect(fencesOn(disk).map(({ id }) => id)).toEqual(expect.arrayContaining(keys))
    const settled = device.settle()
    if (round % 2 === 1) {
      // It is still being worked on when it comes again.
      await soon(() => server.log.list().filter(({ status }) => status === 409).length).toBeGreaterThan(0)
      server.holds.release()
    }
    await settled
    expect(keys.every((key) => arrivalsOf(key) > 1)).toBe(true)
  })

  it.each(rounds)('with the answer sent and not read, time %i', async (round) => {
    await device.offline()
    await device.edit(`sent ${round}`)
    const count = (round % 3) + 1
    server.holds.hold({ point: 'committed', count })
    await device.online()
    await soon(() => server.holds.held().committed).toBe(count)
    await device.freeze()
    const before = answered()
    server.holds.release()
    const fresh = () => [...answered().keys()].filter((key) => !before.has(key))
    await soon(() => fresh().length).toBeGreaterThanOrEqual(count)
    const keys = fresh()
    await device.kill()
    const disk = await device.restart()
    expect(fencesOn(disk).map(({ id }) => id)).toEqual(expect.arrayContaining(keys))
    expect(await madeUnknown(disk)).not.toEqual([])
    await device.settle()
    expect(keys.map(arrivalsOf)).toEqual(keys.map(() => 2))
  })

  it.each(rounds)('with the answer read and not settled, time %i', async (round) => {
    await device.offline()
    await device.edit(`read ${round}`)
    const { bodies } = await device.standAt({ at: 'begin', over: settling, nth: (round % 2) + 1 }, () =>
      device.online(),
    )
    await device.kill()
    const disk = await device.restart()
    const answers = await server.answers()
    const read = bodies.map((body) => JSON.parse(body))
    const known = fencesOn(disk).filter(({ id }) =>
      read.some((body) => isDeepStrictEqual(body, answers.get(id))),
    )
    expect(known).not.toEqual([])
    await device.settle()
  })

  it.each(rounds)('while its row is renamed to the key of the server, time %i', async (round) => {
    await device.offline()
    await device.edit(`rename ${round}`)
    const { written } = await device.standAt(
      { at: 'write', over: [...settling, 'cards'], nth: round + 1 },
      () => device.online(),
    )
    expect(written).toHaveLength(round)
    await device.kill()
    const disk = await device.restart()
    expect(await madeUnknown(disk)).not.toEqual([])
    await device.settle()
  })

  it.each(rounds)('with the answer settled, time %i', async (round) => {
    await device.offline()
    await device.edit(`settled ${round}`)
    const before = new Set(answered().keys())
    await device.standAt({ at: 'commit', over: settling, wrote: '_sync_fences', nth: (round % 2) + 1 }, () =>
      device.online(),
    )
    await device.kill()
    const disk = await device.restart()
    const fenced = fencesOn(disk).map(({ id }) => id)
    const done = [...answered().keys()].filter((key) => !before.has(key) && !fenced.includes(key))
    expect(done).not.toEqual([])
    const waiting = disk._sync_log!.flatMap(({ id, seq, changes }) => {
      const marks = (disk._sync_progress!.find((row) => row.seq === seq)?.marks ?? {}) as Record<
        number,
        unknown
      >
      return (changes as unknown[]).flatMap((_, i) => (marks[i] === 'done' ? [] : [`${id}.${i}`]))
    })
    expect(waiting.filter((op) => done.includes(op))).toEqual([])
    await device.settle()
    expect(done.map(arrivalsOf)).toEqual(done.map(() => 1))
  })

  it('forgets no deletion made after it, of a row it had sent and never heard of', async () => {
    await device.offline()
    const title = 'deleted on its way'
    const temporary = await device.page.evaluate((name) => window.lab.db.cards.add({ title: name }), title)
    server.holds.hold({ point: 'committed', count: 1 })
    await device.online()
    await soon(() => server.holds.held().committed).toBe(1)
    await device.kill()
    server.holds.release()
    expect(await madeUnknown(await device.restart())).toHaveLength(1)
    await device.offline()
    await device.open()
    await device.page.evaluate((key) => window.lab.db.cards.delete(key), temporary)
    await device.online()
    device.expectCard(title, undefined, 2)
    await device.settle()
  })
})
