import { describe, expect, it } from 'vitest'
import { type Journey, journey } from '../support/journey'
import { type Users, users } from '../support/users'
import { secondTab } from './second-tab'
import { whileOneSignsOut } from './while-one-signs-out'

async function signedInAs(user: string): Promise<Journey & { readonly world: Users }> {
  const world = users(user)
  world.insert(user, 'notes', { id: 'shared', text: `${user} from the server` })
  const here = await journey(world)
  await here.settled()
  return { ...here, world }
}

/** Everything sync remembers in the database beside the log, as text. */
function facts({ db }: Pick<Journey, 'db'>): Promise<string> {
  const request = db.backendDB().transaction('_sync_meta').objectStore('_sync_meta').getAll()
  return new Promise((resolve) => {
    request.onsuccess = () => resolve(JSON.stringify(request.result))
  })
}

describe('signing out once more, before the login has changed', () => {
  it('keeps what the first time has kept: the refused change is still there to be decided', async () => {
    const { db, sync, until, world, settled } = await signedInAs('A')
    world.backend.respondNext(1, { status: 403, body: {} }, { method: 'PATCH' })
    await db.notes.update('shared', { text: 'A refused' })
    await settled()
    expect(await sync.getDeadLetters()).toHaveLength(1)
    await until(sync.signOut({ pending: 'keep' }))
    await until(sync.signOut({ pending: 'keep' }))
    await until(sync.sync())
    await settled()
    const [letter] = await sync.getDeadLetters()
    expect(letter).toMatchObject({ table: 'notes', key: 'shared' })
    await until(sync.retryDeadLetter(letter!.id))
    await settled()
    expect(world.rows('A')).toMatchObject([{ text: 'A refused' }])
  })

  it('sends again as it was what may have arrived before the first', async () => {
    const { db, sync, until, world, settled, device } = await signedInAs('A')
    const held = world.backend.holdNext({ method: 'POST' })
    const temporary = await db.posts.add({ title: 'A post' })
    await until(held.arrived)
    await db.posts.update(temporary, { title: 'A post, edited' })
    await device.settle()
    await until(sync.signOut({ pending: 'keep' }))
    await until(sync.signOut({ pending: 'keep' }))
    held.release()
    await until(sync.sync())
    await settled()
    expect(world.rows('A', 'posts')).toMatchObject([{ id: 1, title: 'A post, edited' }])
    const sent = world.backend.asked({ method: 'POST' })
    expect(new Set(sent.map(({ text }) => text)).size).toBe(1)
  })

  it('drops what the first time has kept, where that is asked for', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled } = here
    world.backend.respondNext(1, { status: 403, body: {} }, { method: 'PATCH' })
    await db.notes.update('shared', { text: 'A refused' })
    await settled()
    await until(sync.signOut({ pending: 'keep' }))
    await until(sync.signOut({ pending: 'discard' }))
    expect(await facts(here)).not.toMatch(/A (refused|from)/)
    await until(sync.sync())
    await settled()
    expect(await sync.getDeadLetters()).toEqual([])
    expect(await db.notes.toArray()).toMatchObject([{ text: 'A from the server' }])
  })
})

describe('signing somebody out twice at once, while the next login is here already (I11)', () => {
  /** A has left something behind; B is logged in, and has written something. */
  async function leftBehind(): Promise<Awaited<ReturnType<typeof signedInAs>>> {
    const here = await signedInAs('A')
    here.setOnline(false)
    await here.db.notes.add({ id: 'a1', text: 'A made' })
    here.world.user = 'B'
    await here.db.notes.add({ id: 'b1', text: 'B made' })
    await here.device.settle()
    return here
  }
  const texts = (rows: readonly { readonly text?: unknown }[]) => rows.map(({ text }) => text).sort()

  it.each(['two tabs', 'one tab'])('drops nothing of theirs, nor what was kept: %s', async (where) => {
    const here = await leftBehind()
    const { db, sync, until, world, settled } = here
    const other = where === 'two tabs' ? (await secondTab(here, world.config)).sync : sync
    const second = whileOneSignsOut(() => other.signOut({ pending: 'discard' }))
    await until(sync.signOut({ pending: 'keep' }))
    await until(second)
    expect(texts(await db.notes.toArray())).toEqual(['B made'])
    here.setOnline(true)
    await until(sync.sync())
    await settled()
    expect(texts(await db.notes.toArray())).toEqual(['B made'])
    expect(texts(world.rows('B'))).toEqual(['B made'])
    await until(other.signOut())
    expect(await db.notes.count()).toBe(0)
    world.user = 'A'
    await until(sync.sync())
    await settled()
    expect(texts(world.rows('A'))).toEqual(['A from the server', 'A made'])
    world.expectApart()
  })
})
