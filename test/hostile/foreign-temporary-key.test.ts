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
})
