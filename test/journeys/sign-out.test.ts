import { describe, expect, it } from 'vitest'
import { secondTab } from '../hostile/second-tab'
import { eventLog, type Journey, journey, status } from '../support/journey'
import { type Users, users } from '../support/users'

const minutes = 60_000

/** Everything the database holds, as text: for what must not be in it. */
async function contents({ db }: Pick<Journey, 'db'>): Promise<string> {
  const native = db.backendDB()
  const names = [...native.objectStoreNames]
  const tx = native.transaction(names)
  const all = await Promise.all(
    names.map(
      (name) =>
        new Promise((resolve, reject) => {
          const request = tx.objectStore(name).getAll()
          request.onsuccess = () => resolve(request.result)
          request.onerror = () => reject(request.error)
        }),
    ),
  )
  return JSON.stringify(all)
}

/** The names of what the database remembers of sync. */
async function facts({ db }: Pick<Journey, 'db'>): Promise<string[]> {
  const request = db.backendDB().transaction('_sync_meta').objectStore('_sync_meta').getAllKeys()
  return new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result.map(String).sort())
  })
}

async function signedInAs(user: string): Promise<Journey & { readonly world: Users }> {
  const world = users(user)
  world.insert('A', 'notes', { id: 'shared', text: 'A from the server' })
  world.insert('B', 'notes', { id: 'shared', text: 'B from the server' })
  const here = await journey(world)
  await here.settled()
  return { ...here, world }
}

async function edited(here: Journey): Promise<void> {
  here.setOnline(false)
  await here.db.notes.update('shared', { text: 'A edited' })
  await here.db.notes.add({ id: 'a1', text: 'A made' })
  await here.db.posts.add({ title: 'A post' })
  await here.device.settle()
}

describe('signing out (S16)', () => {
  it('leaves nothing of theirs, in one step, and pulls nothing until somebody asks', async () => {
    const here = await signedInAs('A')
    const { db, sync, world, device, until, settled } = here
    await until(sync.signOut())
    expect(sync.getStatus()).toMatchObject({ state: 'auth-required', pending: 0, hasSynced: false })
    expect(await contents(here)).not.toMatch(/A from|Bearer/)
    expect(await facts(here)).toEqual(['adopted:notes', 'adopted:posts', 'identity', 'instance', 'schema'])
    const asked = world.backend.requests.length
    await device.advance(10 * minutes)
    expect(sync.getStatus().state).toBe('auth-required')
    expect(world.backend.requests.length).toBe(asked)
    await until(sync.start())
    await settled()
    expect(await db.notes.toArray()).toMatchObject([{ text: 'A from the server' }])
  })

  it('refuses while anything is not at the server: waiting, refused or parked', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled } = here
    await edited(here)
    await expect(until(sync.signOut())).rejects.toMatchObject({
      code: 'unsynced-changes',
      details: { count: 3 },
    })
    expect(await db.notes.count()).toBe(2)
    here.setOnline(true)
    world.backend.respondNext(1, { status: 403, body: {} }, { method: 'PATCH' })
    await settled()
    expect(await sync.getDeadLetters()).toHaveLength(1)
    await expect(until(sync.signOut())).rejects.toMatchObject({
      code: 'unsynced-changes',
      details: { count: 1 },
    })
  })

  it('sends first where that is asked for, and refuses where something is left', async () => {
    const here = await signedInAs('A')
    const { sync, until, world } = here
    await edited(here)
    await expect(until(sync.signOut({ pending: 'push' }))).rejects.toMatchObject({ code: 'unsynced-changes' })
    here.setOnline(true)
    await until(sync.signOut({ pending: 'push' }))
    expect(world.rows('A').map(({ text }) => text)).toEqual(['A edited', 'A made'])
    expect(world.rows('A', 'posts')).toHaveLength(1)
    expect(await contents(here)).not.toContain('A made')
  })

  it('does not send under another login', async () => {
    const here = await signedInAs('A')
    const { sync, until, world } = here
    await edited(here)
    here.setOnline(true)
    world.user = 'B'
    await expect(until(sync.signOut({ pending: 'push' }))).rejects.toMatchObject({ code: 'identity-changed' })
    expect(await contents(here)).toContain('A made')
    world.expectApart()
  })

  it('drops what waits where that is asked for', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled } = here
    await edited(here)
    await until(sync.signOut({ pending: 'discard' }))
    expect(await contents(here)).not.toMatch(/A (edited|made|post)/)
    here.setOnline(true)
    await until(sync.sync())
    await settled()
    expect(await db.notes.toArray()).toMatchObject([{ text: 'A from the server' }])
    expect(world.rows('A')).toMatchObject([{ text: 'A from the server' }])
    expect(await sync.hasUnsyncedChanges()).toBe(false)
  })

  it('keeps what waits until its login is back, and hides it from the next', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled } = here
    await edited(here)
    await until(sync.signOut({ pending: 'keep' }))
    expect([await db.notes.count(), await db.posts.count()]).toEqual([0, 0])
    world.user = 'B'
    here.setOnline(true)
    await until(sync.sync())
    await settled()
    expect(await db.notes.toArray()).toMatchObject([{ text: 'B from the server' }])
    expect(await sync.pending()).toEqual([])
    await until(sync.signOut())
    world.user = 'A'
    await until(sync.sync())
    await settled()
    expect((await db.notes.toArray()).map(({ text }) => text).sort()).toEqual(['A edited', 'A made'])
    expect(
      world
        .rows('A')
        .map(({ text }) => text)
        .sort(),
    ).toEqual(['A edited', 'A made'])
    expect(world.rows('A', 'posts')).toMatchObject([{ title: 'A post' }])
    expect(await db.posts.toArray()).toMatchObject([{ id: 1, title: 'A post' }])
    world.expectApart()
  })

  it('shows the kept rows at once, offline too', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, device } = here
    await edited(here)
    await until(sync.signOut({ pending: 'keep' }))
    await until(sync.start())
    await device.advance(minutes)
    expect((await db.notes.toArray()).map(({ text }) => text).sort()).toEqual(['A edited', 'A made'])
    expect(await db.posts.count()).toBe(1)
    expect(sync.getStatus().pending).toBe(3)
  })

  it('keeps dead letters and parked conflicts as they are', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled, device } = here
    world.backend.respondNext(1, { status: 403, body: {} }, { method: 'PATCH' })
    await db.notes.update('shared', { text: 'A refused' })
    await settled()
    await until(sync.signOut({ pending: 'keep' }))
    expect(await sync.getDeadLetters()).toEqual([])
    world.user = 'B'
    await until(sync.sync())
    await settled()
    expect(await sync.getDeadLetters()).toEqual([])
    await until(sync.signOut())
    world.user = 'A'
    await until(sync.sync())
    await settled()
    await device.advance(minutes)
    const [letter] = await sync.getDeadLetters()
    expect(letter).toMatchObject({ key: 'shared', reason: { code: 'forbidden' } })
    expect(await db.notes.get('shared')).toMatchObject({ text: 'A refused' })
    await sync.retryDeadLetter(letter!.id)
    await settled()
    expect(world.rows('A')).toMatchObject([{ text: 'A refused' }])
  })

  it('keeps a request that may have arrived: it goes again as it was, and what was changed since follows', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled, device } = here
    const held = world.backend.holdNext({ method: 'POST' })
    const temporary = await db.posts.add({ title: 'A post' })
    await until(held.arrived)
    await db.posts.update(temporary, { title: 'A post, edited' })
    await device.settle()
    await until(sync.signOut({ pending: 'keep' }))
    held.release()
    await until(sync.sync())
    await settled()
    expect(world.rows('A', 'posts')).toMatchObject([{ id: 1, title: 'A post, edited' }])
    expect(await db.posts.toArray()).toMatchObject([{ id: 1, title: 'A post, edited' }])
    expect(await sync.getDeadLetters()).toEqual([])
    const sent = world.backend.asked({ method: 'POST' })
    expect(new Set(sent.map(({ text }) => text)).size).toBe(1)
  })

  it('keeps the server’s key of a row with a change that was made under its temporary one', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled, device } = here
    const held = world.backend.holdNext({ method: 'POST' })
    const temporary = await db.posts.add({ title: 'A post' })
    await until(held.arrived)
    await db.posts.update(temporary, { title: 'A refused' })
    await device.settle()
    world.backend.respondNext(1, { status: 403, body: {} }, { method: 'PATCH' })
    held.release()
    await settled()
    expect(await sync.getDeadLetters()).toHaveLength(1)
    await until(sync.signOut({ pending: 'keep' }))
    const again = await here.reload()
    await again.settled()
    expect(await again.db.posts.toArray()).toMatchObject([{ id: 1, title: 'A refused' }])
    const [letter] = await again.sync.getDeadLetters()
    await again.sync.retryDeadLetter(letter!.id)
    await again.settled()
    expect(world.rows('A', 'posts')).toMatchObject([{ id: 1, title: 'A refused' }])
  })

  it('keeps for them what sync itself has written: a change that was refused and is sent again', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled } = here
    world.backend.respondNext(1, { status: 403, body: {} }, { method: 'PATCH' })
    await db.notes.update('shared', { text: 'A refused' })
    await settled()
    here.setOnline(false)
    await sync.retryDeadLetter((await sync.getDeadLetters())[0]!.id)
    await until(sync.signOut({ pending: 'keep' }))
    world.user = 'B'
    here.setOnline(true)
    await until(sync.sync())
    await settled()
    expect(world.rows('B')).toMatchObject([{ text: 'B from the server' }])
    await until(sync.signOut())
    world.user = 'A'
    await until(sync.sync())
    await settled()
    expect(world.rows('A')).toMatchObject([{ text: 'A refused' }])
    world.expectApart()
  })

  it('lets the next login pull from the start, however far the last one was', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled, device } = here
    await device.advance(minutes)
    for (let i = 0; i < 100; i++) world.backend.store.now()
    world.insert('A', 'notes', { id: 'late', text: 'A late' })
    await here.synced()
    await until(sync.signOut())
    world.user = 'B'
    await until(sync.sync())
    await settled()
    expect(await db.notes.toArray()).toMatchObject([{ text: 'B from the server' }])
  })

  it('lets the same login in again once nobody was logged in, without a call', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled, device } = here
    await until(sync.signOut())
    world.user = null
    await device.advance(minutes)
    world.user = 'A'
    await device.advance(minutes)
    await settled()
    expect(await db.notes.toArray()).toMatchObject([{ text: 'A from the server' }])
  })

  it('is not undone by a database that is closed and opened again', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, device } = here
    await until(sync.signOut())
    db.close()
    await device.advance(minutes)
    await until(db.open())
    await device.advance(5 * minutes)
    expect(sync.getStatus().state).toBe('auth-required')
    expect(await db.notes.count()).toBe(0)
  })

  it('is not undone by a page that comes back from the cache', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, tab, device } = here
    await until(sync.signOut())
    tab.putAway()
    await device.advance(minutes)
    tab.bringBack()
    await device.advance(5 * minutes)
    expect(sync.getStatus().state).toBe('auth-required')
    expect(await db.notes.count()).toBe(0)
  })

  it('tells who waits for a change that it is not to be waited for', async () => {
    const here = await signedInAs('A')
    await edited(here)
    const pushed = here.sync.whenPushed('notes', 'a1')
    const told = expect(here.until(pushed)).rejects.toMatchObject({ code: 'signed-out' })
    await here.until(here.sync.signOut({ pending: 'discard' }))
    await told
  })

  it('cannot keep for nobody, and knows its options', async () => {
    const { sync, until } = await journey()
    await expect(until(sync.signOut({ pending: 'keep' }))).rejects.toMatchObject({ code: 'bad-config' })
    await expect(until(sync.signOut({ pending: 'drop' as never }))).rejects.toMatchObject({
      code: 'bad-config',
    })
  })

  it('works without an identity: the device is empty until sync is asked for', async () => {
    const { db, sync, backend, until, settled, device } = await journey()
    await db.notes.add({ id: 'n1', text: 'one' })
    await settled()
    await until(sync.signOut())
    await device.advance(5 * minutes)
    expect(await db.notes.count()).toBe(0)
    await until(sync.sync())
    await settled()
    expect(await db.notes.count()).toBe(1)
    expect(backend.rows('notes')).toHaveLength(1)
  })
})

describe('another login while the old one is here (G1, S17)', () => {
  it('takes over with signOut: its rows stay, what it did to the old one’s rows is held for it', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled } = here
    const heard = eventLog(sync, 'dead-letter')
    world.user = 'B'
    await db.notes.add({ id: 'b1', text: 'B made' })
    await db.notes.update('b1', { text: 'B made more' })
    await db.notes.update('shared', { text: 'B edited' })
    await until(sync.signOut())
    expect(await db.notes.toArray()).toMatchObject([{ id: 'b1', text: 'B made more' }])
    expect(await contents(here)).not.toContain('A from')
    await until(sync.sync())
    await settled()
    expect(
      world
        .rows('B')
        .map(({ text }) => text)
        .sort(),
    ).toEqual(['B from the server', 'B made more'])
    const [letter] = await sync.getDeadLetters()
    expect(letter).toMatchObject({
      table: 'notes',
      key: 'shared',
      kind: 'update',
      reason: { code: 'foreign-base' },
    })
    expect(heard).toEqual(['dead-letter'])
    expect(await db.notes.get('shared')).toMatchObject({ text: 'B edited' })
    await sync.retryDeadLetter(letter!.id)
    await settled()
    expect(
      world
        .rows('B')
        .map(({ text }) => text)
        .sort(),
    ).toEqual(['B edited', 'B made more'])
    expect(world.rows('A')).toMatchObject([{ text: 'A from the server' }])
    world.expectApart()
  })

  it('and sends what it did to a row the server has not for it: then it is a row of its own', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled } = here
    world.insert('A', 'notes', { id: 'private', text: 'A private', tag: 'A tag' })
    await here.synced()
    world.user = 'B'
    await db.notes.update('private', { text: 'B edited' })
    await until(sync.signOut())
    await until(sync.sync())
    await settled()
    expect((await db.notes.toArray()).map(({ id }) => id)).toEqual(['shared'])
    for (const { id } of await sync.getDeadLetters()) await sync.deadLetters.retry(id)
    await settled()
    const own = { id: 'private', text: 'B edited' }
    expect(world.rows('B').find(({ id }) => id === 'private')).toMatchObject(own)
    expect(await db.notes.get('private')).toMatchObject(own)
    expect(await contents(here)).not.toContain('A tag')
    expect(world.rows('A')).toContainEqual(expect.objectContaining({ id: 'private', text: 'A private' }))
    world.expectApart()
  })

  it('and discards what it did to rows it never had: nothing of them is left', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled } = here
    world.insert('A', 'notes', { id: 'private', text: 'A private' })
    await here.synced()
    world.user = 'B'
    await db.notes.update('private', { text: 'B edited' })
    await db.notes.delete('shared')
    await until(sync.signOut({ pending: 'discard' }))
    await until(sync.sync())
    await settled()
    for (const { id } of await sync.getDeadLetters()) await sync.deadLetters.discard(id)
    await settled()
    expect(await db.notes.toArray()).toMatchObject([{ id: 'shared', text: 'B from the server' }])
    expect(await contents(here)).not.toMatch(/A (private|from)/)
    expect(world.rows('B')).toMatchObject([{ text: 'B from the server' }])
  })

  it('the first returns to their own rows: what the other did is put away, and comes back with the other', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled, device } = here
    world.insert('A', 'notes', { id: 'gone', text: 'A gone' })
    await here.synced()
    here.setOnline(false)
    await db.notes.update('shared', { text: 'A edited' })
    await device.settle()
    world.user = 'B'
    await db.notes.add({ id: 'b1', text: 'B made' })
    await db.notes.update('shared', { text: 'B edited' })
    await db.notes.delete('gone')
    await device.advance(minutes)
    expect(sync.getStatus().state).toBe('identity-changed')
    world.user = 'A'
    await until(sync.sync())
    await device.settle()
    const own = ['A edited', 'A gone']
    expect((await db.notes.toArray()).map(({ text }) => text).sort()).toEqual(own)
    here.setOnline(true)
    await device.advance(minutes)
    await here.synced()
    expect((await db.notes.toArray()).map(({ text }) => text).sort()).toEqual(own)
    expect(
      world
        .rows('A')
        .map(({ text }) => text)
        .sort(),
    ).toEqual(own)
    expect(await sync.getDeadLetters()).toEqual([])
    await until(sync.signOut())
    world.user = 'B'
    await until(sync.sync())
    await settled()
    expect(
      world
        .rows('B')
        .map(({ text }) => text)
        .sort(),
    ).toEqual(['B from the server', 'B made'])
    expect((await sync.getDeadLetters()).map(({ key, kind }) => `${key} ${kind}`).sort()).toEqual([
      'gone delete',
      'shared update',
    ])
    expect(await contents(here)).not.toMatch(/A (edited|gone|from)/)
    world.expectApart()
  })

  it('and so after a reload', async () => {
    const start = await signedInAs('A')
    const { world } = start
    world.user = 'B'
    await start.db.notes.add({ id: 'b1', text: 'B made' })
    await start.db.notes.update('shared', { text: 'B edited' })
    await start.device.settle()
    world.user = 'A'
    const { db, sync, settled, synced } = await start.reload()
    await settled()
    await synced()
    expect(await db.notes.toArray()).toMatchObject([{ text: 'A from the server' }])
    expect(sync.getStatus()).toMatchObject({ pending: 0, deadLetters: 0 })
    world.expectApart()
  })

  it('a row of the other that the first changes does not leave under the first’s login', async () => {
    const here = await signedInAs('A')
    const { db, sync, world, settled, device, until } = here
    const other = users('B')
    const there = await secondTab(here, other.config)
    await there.db.notes.add({ id: 'b1', text: 'B made' })
    await device.settle()
    await db.notes.update('b1', { text: 'A edited it' })
    await device.settle()
    await device.advance(minutes)
    await settled()
    expect(await db.notes.toArray()).toMatchObject([{ id: 'shared', text: 'A from the server' }])
    const [letter] = await sync.getDeadLetters()
    expect(letter).toMatchObject({ key: 'b1', reason: { code: 'foreign-base' } })
    await sync.deadLetters.discard(letter!.id)
    await settled()
    expect(world.rows('A')).toMatchObject([{ text: 'A from the server' }])
    await until(there.sync.signOut())
    await here.tab.crash()
    await device.advance(minutes)
    await until(there.sync.sync())
    expect(world.rows('B')).toContainEqual(expect.objectContaining({ id: 'b1', text: 'B made' }))
    expect(world.rows('B')).toHaveLength(2)
    world.expectApart()
  })

  it('a third who takes over sees neither; what was written before any login goes to who comes first', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled } = here
    world.user = 'B'
    await db.notes.add({ id: 'b1', text: 'B made' })
    world.user = 'C'
    await until(sync.signOut())
    expect(await db.notes.toArray()).toEqual([])
    await db.notes.add({ id: 'c1', text: 'C made' })
    await until(sync.sync())
    await settled()
    await until(sync.signOut())
    world.user = null
    await here.device.advance(minutes)
    await db.notes.add({ id: 'n1', text: 'B before login' })
    await here.device.settle()
    world.user = 'B'
    await until(sync.sync())
    await settled()
    const own = ['B before login', 'B from the server', 'B made']
    expect((await db.notes.toArray()).map(({ text }) => text).sort()).toEqual(own)
    expect(
      world
        .rows('B')
        .map(({ text }) => text)
        .sort(),
    ).toEqual(own)
    expect(world.rows('C')).toMatchObject([{ text: 'C made' }])
    world.expectApart()
  })

  it('two who take turns never see each other’s rows, and each gets their own through', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled, device } = here
    for (let turn = 0; turn < 3; turn++)
      for (const user of ['A', 'B']) {
        world.user = user
        await until(sync.sync())
        await settled()
        const texts = (await db.notes.toArray()).map(({ text }) => text.split(' ')[0])
        expect(new Set(texts)).toEqual(new Set([user]))
        here.setOnline(false)
        await db.notes.add({ id: `${user}${turn}`, text: `${user} ${turn}` })
        await db.notes.update('shared', { text: `${user} edit ${turn}` })
        await device.settle()
        await until(sync.signOut({ pending: 'keep' }))
        expect(await db.notes.count()).toBe(0)
        here.setOnline(true)
      }
    for (const user of ['A', 'B']) {
      world.user = user
      await until(sync.sync())
      await settled()
      expect(
        world
          .rows(user)
          .map(({ text }) => text)
          .sort(),
      ).toEqual([`${user} 0`, `${user} 1`, `${user} 2`, `${user} edit 2`])
      await until(sync.signOut())
    }
    expect(await sync.hasUnsyncedChanges()).toBe(false)
    world.expectApart()
  })
})

describe('signing out while a request of the old one is in flight (G2)', () => {
  it.each(['discard', 'keep'] as const)('%s: its answer changes nothing any more', async (pending) => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled } = here
    const held = world.backend.holdNext({ method: 'POST' })
    await db.posts.add({ title: 'A post' })
    await until(held.arrived)
    world.user = 'B'
    await until(sync.signOut({ pending }))
    held.release()
    await until(sync.sync())
    await settled()
    expect(await db.posts.toArray()).toEqual([])
    expect(await contents(here)).not.toMatch(pending === 'discard' ? /A post/ : /A from/)
    await until(sync.signOut())
    world.user = 'A'
    await until(sync.sync())
    await settled()
    expect(await db.posts.toArray()).toMatchObject([{ id: 1, title: 'A post' }])
    expect(world.rows('A', 'posts')).toHaveLength(1)
    expect(world.rows('B', 'posts')).toEqual([])
    world.expectApart()
  })

  it.each(['refuse', 'push'] as const)('%s: is refused, and the answer counts', async (pending) => {
    const here = await signedInAs('A')
    const { db, sync, until, world, device } = here
    const held = world.backend.holdNext({ method: 'POST' })
    await db.posts.add({ title: 'A post' })
    await until(held.arrived)
    world.user = 'B'
    const code = pending === 'push' ? 'identity-changed' : 'unsynced-changes'
    await expect(until(sync.signOut({ pending }))).rejects.toMatchObject({ code })
    held.release()
    await device.settle()
    await device.advance(minutes)
    expect(await db.posts.toArray()).toMatchObject([{ id: 1, title: 'A post' }])
    await until(sync.signOut({ pending: 'refuse' }))
    expect(await db.posts.count()).toBe(0)
  })

  it('a page that comes after it is not applied', async () => {
    const here = await signedInAs('A')
    const { db, sync, until, world, settled } = here
    world.insert('A', 'notes', { id: 'late', text: 'A late' })
    const held = world.backend.holdNext({ method: 'GET', path: '/api/notes' })
    const pulling = sync.pull()
    await until(held.arrived)
    await until(sync.signOut())
    held.release()
    await until(pulling)
    expect(await db.notes.count()).toBe(0)
    world.user = 'B'
    await until(sync.sync())
    await settled()
    expect(await db.notes.toArray()).toMatchObject([{ text: 'B from the server' }])
  })
})

describe('signing out with several tabs', () => {
  it('in a tab that follows: every tab knows, the leader stops, nothing comes back', async () => {
    const here = await signedInAs('A')
    const { until, world, device, settled } = here
    const there = await secondTab(here, world.config)
    await until(there.sync.signOut())
    await device.settle()
    for (const { sync } of [here, there]) expect(sync.getStatus().state).toBe('auth-required')
    const asked = world.backend.requests.length
    await device.advance(5 * minutes)
    expect(world.backend.requests.length).toBe(asked)
    expect(await there.db.notes.count()).toBe(0)
    world.user = 'B'
    await until(there.sync.sync())
    await settled()
    expect(await there.db.notes.toArray()).toMatchObject([{ text: 'B from the server' }])
    for (const { sync } of [here, there]) await until(status(sync, ({ state }) => state === 'idle'))
    expect(here.tab.reports).toEqual([])
  })

  it('gives up at once what another tab has on its way', async () => {
    const here = await signedInAs('A')
    const { until, world, device } = here
    const there = await secondTab(here, world.config)
    const held = world.backend.holdNext({ method: 'GET', path: '/api/notes' })
    const pulling = here.sync.pull()
    await until(held.arrived)
    const before = device.now()
    await until(there.sync.signOut())
    await until(pulling)
    expect(device.now() - before).toBeLessThan(2_000)
  })

  it('while the leader hears nothing of it: what it does from then on changes nothing', async () => {
    const here = await signedInAs('A')
    const { until, world, device, db } = here
    const there = await secondTab(here, world.config)
    here.tab.freeze()
    await until(there.sync.signOut())
    world.insert('A', 'notes', { id: 'late', text: 'A late' })
    here.tab.thaw()
    await device.advance(5 * minutes)
    expect(await db.notes.count()).toBe(0)
    expect(here.sync.getStatus().state).toBe('auth-required')
  })

  it('a crash at any moment of it leaves all or nothing', async () => {
    const outcomes = new Set<number>()
    for (let turns = 0; turns < 60 && outcomes.size < 2; turns += 3) {
      const here = await signedInAs('A')
      await edited(here)
      void here.sync.signOut({ pending: 'discard' }).catch(() => undefined) // the tab is gone before it ends
      for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
      const again = await here.reload()
      const rows = await again.db.notes.count()
      const left = await contents(again)
      outcomes.add(rows)
      if (rows === 0) expect(left).not.toMatch(/A (from|made|edited|post)/)
      else expect(left).toContain('A made')
    }
    expect([...outcomes].sort()).toEqual([0, 2])
  })
})
