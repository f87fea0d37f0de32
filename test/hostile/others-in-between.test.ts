import { describe, expect, it } from 'vitest'
import { defineRoutes, resource } from '../../src/index'
import { journey } from '../support/journey'
import { users } from '../support/users'

describe('a row that two logins have changed in turn is as the first has left it, once the first is back (I11)', () => {
  it('where a dead letter of the first was sent again in between', async () => {
    const world = users('A')
    const { db, sync, until, settled, device } = await journey(world)
    await settled()
    world.backend.respondNext(1, { status: 403, body: {} }, { method: 'POST' })
    await db.notes.add({ id: 'n', text: 'A refused' })
    await device.settle()
    const [letter] = await sync.deadLetters.list()
    world.user = 'B'
    await db.notes.update('n', { text: 'B before' })
    await until(sync.deadLetters.retry(letter!.id))
    await db.notes.update('n', { text: 'B after' })
    world.backend.respondNext(1, { status: 403, body: {} }, { method: 'POST' })
    world.user = 'A'
    await until(sync.sync())
    await settled()
    expect(await db.notes.toArray()).toEqual([{ id: 'n', text: 'A refused' }])
    expect(await sync.deadLetters.list()).toHaveLength(1)
    expect((await sync.check()).findings).toEqual([])
    world.expectApart()
  })

  it('where the first has changed it before anybody was told that they are back', async () => {
    const world = users('A')
    const routes = defineRoutes({ posts: resource('/api/posts', { update: 'PUT', verify: 'none' }) })
    const config = { ...world.config, routes }
    const { db, sync, until, settled, device, setOnline } = await journey({ ...world, config })
    world.insert('A', 'posts', { id: 1, title: 'A one' })
    await until(sync.sync())
    await settled()
    setOnline(false)
    world.user = 'B'
    await db.posts.update(1, { title: 'B one' })
    world.user = 'A'
    await db.posts.update(1, { likes: 1 })
    await until(sync.sync())
    await device.settle()
    expect(await db.posts.get(1)).toMatchObject({ title: 'A one', likes: 1 })
    setOnline(true)
    await settled()
    expect(world.rows('A', 'posts')).toMatchObject([{ title: 'A one', likes: 1 }])
    world.expectApart()
  })
})
