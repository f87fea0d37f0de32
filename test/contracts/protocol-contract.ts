import { describe, expect, it } from 'vitest'
import { seededRandom } from '../support/fake-environment'
import { type ProtocolPlace, type ProtocolWorld, protocolPlace } from './protocol-place'

/** What every protocol keeps, whatever it says on the wire: the promise of the library, told as stories. */
export function describeProtocol(name: string, setup: () => ProtocolWorld): void {
  const begin = (options?: Parameters<typeof protocolPlace>[1]) => protocolPlace(setup(), options)

  describe(`the ${name} protocol`, () => {
    it('brings what was written offline to the server once, and leaves the outbox empty', async () => {
      const place = await begin()
      const { db, world, sync, setOnline, settled } = place
      setOnline(false)
      const id = await db.posts.add({ title: 'first' })
      await db.posts.bulkAdd([{ title: 'second' }, { title: 'third' }])
      await db.notes.bulkAdd(['a', 'b', 'c', 'd', 'e'].map((key) => ({ id: key, text: key })))
      await db.posts.update(id, { title: 'first, edited' })
      await db.notes.delete('b')
      setOnline(true)
      await settled()
      expect(world.rows('posts').map(({ title }) => title)).toEqual(['first, edited', 'second', 'third'])
      expect(world.rows('notes').map(({ text }) => text)).toEqual(['a', 'c', 'd', 'e'])
      expect(await sync.pending()).toEqual([])
      await place.expectSameRows()
    })

    it('has settled everything when a sync that was asked for is over', async () => {
      const { db, sync, device, world } = await begin()
      await device.settle()
      await db.posts.add({ title: 'asked for' })
      await db.notes.add({ id: 'n', text: 'asked for' })
      const before = device.now()
      await device.until(sync.sync())
      expect(await sync.getQueueDepth()).toBe(0)
      expect(device.now() - before).toBeLessThan(2_000)
      expect(world.rows('posts')).toHaveLength(1)
    })

    it('settles a local write within moments, without being asked', async () => {
      const { db, sync, device, settled } = await begin()
      await settled()
      const before = device.now()
      await db.notes.add({ id: 'n', text: 'soon' })
      await settled()
      expect(device.now() - before).toBeLessThan(2_000)
      expect(await sync.getQueueDepth()).toBe(0)
    })

    it('counts what it has pushed', async () => {
      const { db, sync, device, setOnline, settled } = await begin()
      await settled()
      setOnline(false)
      await db.notes.bulkAdd(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => ({ id, text: id })))
      await device.settle()
      const pushed: number[] = []
      sync.on('push-complete', (result) => void pushed.push(result.pushed))
      sync.on('pull-complete', (result) => void pushed.push(result.pushed))
      setOnline(true)
      await settled()
      expect(pushed.reduce((sum, one) => sum + one, 0)).toBe(6)
    })

    it('keeps an edit made while the row is on its way', async () => {
      const place = await begin()
      const { db, world, device, settled } = place
      await settled()
      const held = world.backend.holdNext(world.creates)
      const id = await db.posts.add({ title: 'draft', text: 'long' })
      await device.until(held.arrived)
      await db.posts.update(id, { title: 'better' })
      held.release()
      await settled()
      expect(world.rows('posts')).toMatchObject([{ title: 'better', text: 'long' }])
      await place.expectSameRows()
    })

    it('carries out a deletion made while the row is on its way', async () => {
      const place = await begin()
      const { db, world, device, settled } = place
      await settled()
      const held = world.backend.holdNext(world.creates)
      const id = await db.posts.add({ title: 'short-lived' })
      await device.until(held.arrived)
      await db.posts.delete(id)
      held.release()
      await settled()
      expect(world.rows('posts')).toEqual([])
      await place.expectSameRows()
    })

    it('doubles nothing when the answer is lost', async () => {
      const place = await begin()
      const { db, world, settled } = place
      await settled()
      world.backend.dropResponse(1, world.creates)
      await db.posts.add({ title: 'once' })
      await settled()
      expect(world.rows('posts')).toMatchObject([{ title: 'once' }])
      await place.expectSameRows()
    })

    it('doubles nothing when the page dies between the answer and its effect', async () => {
      const start = await begin()
      await start.settled()
      const held = start.world.backend.holdNext(start.world.creates)
      const id = await start.db.posts.add({ title: 'once' })
      await start.device.until(held.arrived)
      await start.db.posts.update(id, { title: 'once, edited' })
      const after = await start.reload()
      held.release()
      await after.settled()
      expect(after.world.rows('posts')).toMatchObject([{ title: 'once, edited' }])
      await after.expectSameRows()
    })

    it('loses nothing when the request itself is lost', async () => {
      const place = await begin()
      const { db, world, settled } = place
      await settled()
      world.backend.dropRequest(2, world.creates)
      await db.posts.add({ title: 'stubborn' })
      await settled()
      expect(world.rows('posts')).toMatchObject([{ title: 'stubborn' }])
      await place.expectSameRows()
    })

    it('brings what others made, changed and removed', async () => {
      const place = await begin()
      const { world, db, sync, synced } = place
      for (const id of ['a', 'b', 'c']) world.insert('notes', { id, text: id })
      await synced()
      expect(await db.notes.count()).toBe(3)
      world.change('notes', 'a', { text: 'theirs' })
      world.erase('notes', 'b')
      world.insert('posts', { title: 'theirs' })
      await synced()
      expect(await db.notes.get('a')).toMatchObject({ text: 'theirs' })
      expect(await db.notes.count()).toBe(2)
      expect(await sync.pending()).toEqual([])
      await place.expectSameRows()
    })

    it('goes on with the first pull where a page that died has stopped', async () => {
      const world = setup()
      for (let i = 0; i < 60; i++) world.insert('notes', { id: `n${i}`, text: `${i}` })
      world.backend.changeNext(2, (answer) => answer, world.pulls)
      const third = world.backend.holdNext(world.pulls)
      const start = await protocolPlace(world, { sync: { pull: { pageSize: 10 } } })
      await start.device.until(third.arrived)
      expect(await start.db.notes.count()).toBeGreaterThanOrEqual(10)
      const first = world.backend.asked(world.pulls)[0]
      const asked = world.backend.requests.length
      const after = await start.reload()
      await after.settled()
      const [again] = world.backend.requests.slice(asked).filter(({ path }) => path === first?.path)
      expect(again?.query).not.toEqual(first?.query)
      expect(after.sync.getStatus().hasSynced).toBe(true)
      await after.expectSameRows()
    })

    it.each([
      ['server-wins', 'theirs'],
      ['client-wins', 'mine'],
      ['merge', 'mine'],
    ] as const)(
      'settles a conflict as %s says, and keeps what others did elsewhere in the row',
      async (policy, text) => {
        const place = await begin({ policy })
        const { world, db, sync, setOnline, settled, synced } = place
        await db.notes.add({ id: 'n', text: 'base' })
        await settled()
        setOnline(false)
        world.change('notes', 'n', { text: 'theirs', colour: 'blue' })
        await db.notes.update('n', { text: 'mine' })
        setOnline(true)
        await settled()
        await synced()
        expect(world.rows('notes')).toMatchObject([{ text, colour: 'blue' }])
        if (text === 'theirs') expect(await sync.conflicts.list()).toMatchObject([{ decision: 'remote' }])
        await place.expectSameRows()
      },
    )

    it('keeps a refused change as a dead letter, and sends the others of the same moment', async () => {
      const { world, db, sync, device, settled } = await begin()
      await settled()
      const texts = ['a', 'refused', 'b', 'c', 'd', 'e', 'f']
      const before = device.now()
      await db.notes.bulkAdd(texts.map((text, i) => ({ id: `n${i}`, text })))
      await settled()
      expect(device.now() - before).toBeLessThan(2_000)
      const there = world.rows('notes').map(({ text }) => text)
      expect(there.sort()).toEqual(texts.filter((text) => text !== 'refused').sort())
      expect(await sync.getDeadLetters()).toMatchObject([{ table: 'notes', key: 'n1', kind: 'create' }])
      expect(await db.notes.count()).toBe(7)
    })

    it('sends a refused change once it is edited', async () => {
      const place = await begin()
      const { world, db, sync, device, settled } = place
      await db.notes.bulkAdd([
        { id: 'good', text: 'good' },
        { id: 'bad', text: 'refused' },
      ])
      await settled()
      const [letter] = await sync.getDeadLetters()
      await device.until(sync.deadLetters.edit(letter!.id, { text: 'mended' }))
      await settled()
      expect(world.rows('notes').map(({ text }) => text)).toEqual(['good', 'mended'])
      expect(await sync.getDeadLetters()).toEqual([])
      await place.expectSameRows()
    })

    it.each([1, 2, 3, 4, 5, 6])(
      'holds the same rows at both sides when all is quiet (story %i)',
      async (seed) => {
        const policy = (['merge', 'server-wins', 'client-wins'] as const)[seed % 3]!
        const place = await wander(await begin({ policy, sync: { pull: { pageSize: 3 } } }), seed)
        for (let i = 0; i < 3; i++) {
          await place.device.advance(120_000)
          for (const { id } of await place.sync.getDeadLetters())
            await place.device.until(place.sync.deadLetters.discard(id))
        }
        await place.settled()
        await place.synced()
        await place.expectSameRows()
        expect(await place.sync.pending()).toEqual([])
      },
    )
  })
}

/** Both sides write at random, the connection comes and goes, the server fails and refuses, pages die. */
async function wander(start: ProtocolPlace, seed: number): Promise<ProtocolPlace> {
  const random = seededRandom(seed)
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
  const { world, device } = start
  let place = start
  for (let step = 0; step < 40; step++) {
    const { db } = place
    const mine = pick(await db.notes.toCollection().primaryKeys())
    const post = pick(await db.posts.toCollection().primaryKeys())
    const theirs = pick(world.rows('notes'))
    const deeds: (() => unknown)[] = [
      () => db.posts.add({ title: `post ${step}` }),
      () => db.notes.add({ id: `mine${step}`, text: `${step}` }),
      () => mine !== undefined && db.notes.update(mine, { text: `mine ${step}` }),
      () => post !== undefined && db.posts.update(post, { title: `edited ${step}` }),
      () => mine !== undefined && db.notes.delete(mine),
      () => world.insert('notes', { id: `theirs${step}`, text: `${step}` }),
      () => theirs && world.change('notes', theirs.id, { colour: `${step}` }),
      () => theirs && world.change('notes', theirs.id, { text: `theirs ${step}` }),
      () => theirs && world.erase('notes', theirs.id),
      () => place.setOnline(step % 2 === 0),
      () => world.backend.dropResponse(1, world.creates),
      () => world.backend.dropRequest(1),
      () => world.backend.respondNext(1, { status: 503 }, world.creates),
      () => world.backend.respondNext(1, { status: 500 }),
      () => mine !== undefined && db.notes.update(mine, { text: 'refused' }),
      () => device.advance(Math.floor(random() * 20_000)),
    ]
    await pick(deeds)?.()
    if (step % 12 === 11) place = await place.reload()
    await device.settle()
  }
  place.setOnline(true)
  return place
}
