import { describe, expect, it } from 'vitest'
import { journey } from '../support/journey'
import { users } from '../support/users'

describe('an edit of a row of somebody else, made while its key was a temporary one (I11)', () => {
  it('rests on the row by the key the server has made since, and hides none', async () => {
    const world = users('A')
    const { db, sync, setOnline, until, settled } = await journey(world)
    await settled()
    setOnline(false)
    const id = await db.posts.add({ title: 'A one' })
    world.user = 'B'
    await db.posts.update(id, { likes: 1 })
    world.user = 'A'
    setOnline(true)
    await until(sync.sync())
    await settled()
    expect(world.rows('A', 'posts')).toHaveLength(1)

    world.insert('B', 'posts', { id: world.rows('A', 'posts')[0]?.id, title: 'B one' })
    await until(sync.signOut({ pending: 'discard' }))
    world.user = 'B'
    await until(sync.sync())
    await settled()
    expect((await db.posts.toArray()).map((post) => post.id)).toEqual(
      world.rows('B', 'posts').map((row) => row.id),
    )
    expect(await sync.deadLetters.list()).toMatchObject([{ reason: { code: 'foreign-base' } }])
    world.expectApart()
  })

  it('is given back under the key it has by now, where the answer to its create came meanwhile', async () => {
    const world = users('A')
    const { db, sync, until, settled, device } = await journey(world)
    await settled()
    const held = world.backend.holdNext({ method: 'POST' })
    const temporary = await db.posts.add({ title: 'A one' })
    await until(held.arrived)
    world.user = 'B'
    await db.posts.delete(temporary)
    held.release()
    await device.settle()
    world.user = 'A'
    await until(sync.sync())
    await settled()
    const [row] = world.rows('A', 'posts')
    expect(await db.posts.toArray()).toMatchObject([{ id: row?.id, title: 'A one' }])
    expect(await sync.pending()).toEqual([])
  })

  it('and makes a row of its own under that key: theirs goes up as theirs, once', async () => {
    const world = users('A')
    const { db, sync, setOnline, until, settled, synced } = await journey({
      ...world,
      config: { ...world.config, conflicts: { policy: 'client-wins' } },
    })
    await settled()
    setOnline(false)
    world.user = 'B'
    const id = await db.posts.add({ title: 'B one' })
    world.user = 'A'
    await db.posts.update(id, { title: 'A edit' })
    setOnline(true)
    await until(sync.sync())
    await settled()
    for (const letter of await sync.deadLetters.list()) await sync.deadLetters.retry(letter.id)
    await settled()
    expect(world.rows('A', 'posts')).toMatchObject([{ id: 1, title: 'A edit' }])

    world.insert('B', 'posts', { title: 'B before' })
    await until(sync.signOut())
    world.user = 'B'
    await until(sync.sync())
    await settled()
    await synced()
    expect(await db.posts.toArray()).toEqual(world.rows('B', 'posts'))
    expect(world.rows('B', 'posts')).toMatchObject([{ title: 'B before' }, { title: 'B one' }])
    expect(await sync.deadLetters.list()).toEqual([])
    world.expectApart()
  })

  it('takes nothing of theirs along where its login signs out with keep at once', async () => {
    const world = users('A')
    const { db, sync, setOnline, until, settled } = await journey(world)
    await settled()
    setOnline(false)
    world.user = 'B'
    const id = await db.posts.add({ title: 'B one' })
    world.user = 'A'
    await db.posts.update(id, { likes: 1 })
    await until(sync.signOut({ pending: 'keep' }))
    setOnline(true)
    await until(sync.sync())
    await settled()
    world.expectApart()
    expect(await db.posts.toArray()).toEqual(world.rows('A', 'posts'))
    expect(await sync.deadLetters.list()).toMatchObject([{ reason: { code: 'foreign-base' } }])

    await until(sync.signOut({ pending: 'discard' }))
    world.user = 'B'
    await until(sync.sync())
    await settled()
    expect(world.rows('B', 'posts')).toMatchObject([{ title: 'B one' }])
    expect(await db.posts.toArray()).toEqual(world.rows('B', 'posts'))
  })
})
