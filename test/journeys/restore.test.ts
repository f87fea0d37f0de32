import { describe, expect, it } from 'vitest'
import { secondTab } from '../hostile/second-tab'
import { expectSameRows, type Journey, journey } from '../support/journey'

type Policy = 'server-wins' | 'merge'

/** One note, changed or removed on both sides while this device was offline: decided by `policy`. */
async function decided(policy: Policy, mine: object | null, theirs: object | null): Promise<Journey> {
  const start = await journey({ config: { conflicts: { policy } } })
  const { db, backend, setOnline, settled } = start
  await db.notes.add({ id: 'n', text: 'base', ...{ colour: 'red' } })
  await settled()
  setOnline(false)
  if (theirs) backend.change('notes', 'n', { ...theirs })
  else backend.erase('notes', 'n')
  await (mine ? db.notes.update('n', mine) : db.notes.delete('n'))
  setOnline(true)
  await settled()
  await start.synced()
  return start
}

async function decideAnew(start: Journey, decision: 'local' | 'remote' | object): Promise<void> {
  const { sync, until, synced } = start
  const [conflict] = await sync.conflicts.list()
  await until(sync.conflicts.resolve(conflict!.id, decision as 'local'))
  await synced()
  await expectSameRows(start.db, start.backend)
}

describe('a conflict that was decided', () => {
  it('gives back what the server overruled: the fields it was about, the rest as it is now', async () => {
    const start = await decided('server-wins', { text: 'mine' }, { text: 'theirs' })
    start.backend.change('notes', 'n', { colour: 'blue' })
    await start.synced()
    await decideAnew(start, 'local')
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'mine', colour: 'blue' }])
    expect(await start.sync.conflicts.list()).toMatchObject([{ state: 'decided', decision: 'local' }])
    await decideAnew(start, 'remote') // and back: both sides are still kept
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'theirs', colour: 'blue' }])
  })

  it('gives back what this device overruled', async () => {
    const start = await decided('merge', { text: 'mine' }, { text: 'theirs' })
    await decideAnew(start, 'remote')
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'theirs' }])
  })

  it('takes a row made of both', async () => {
    const start = await decided('server-wins', { text: 'mine' }, { text: 'theirs' })
    await decideAnew(start, { id: 'other', text: 'mine and theirs' })
    expect(start.backend.rows('notes')).toMatchObject([{ id: 'n', text: 'mine and theirs' }])
    expect(await start.sync.conflicts.list()).toMatchObject([{ decision: 'merged' }])
  })

  it('makes a row again that the server had deleted', async () => {
    const start = await decided('server-wins', { text: 'mine' }, null)
    await decideAnew(start, 'local')
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'mine', colour: 'red' }])
  })

  it('deletes a row that was to be deleted', async () => {
    const start = await decided('merge', null, { text: 'theirs' })
    expect(start.backend.rows('notes')).toHaveLength(1)
    await decideAnew(start, 'local')
    expect(start.backend.rows('notes')).toHaveLength(0)
  })

  it('finds the row of a server-keyed table again, which was made anew under another key', async () => {
    const start = await journey({ config: { conflicts: { policy: 'merge' } } })
    const { db, backend, setOnline, settled, synced } = start
    const temporary = await db.posts.add({ title: 'base' })
    await settled()
    const id = (await start.sync.resolveKey('posts', temporary)) as number
    setOnline(false)
    backend.erase('posts', id)
    await db.posts.update(id, { title: 'mine' })
    setOnline(true)
    await settled()
    await synced()
    expect(backend.rows('posts')).toMatchObject([{ title: 'mine' }])
    await decideAnew(start, 'remote')
    expect(backend.rows('posts')).toHaveLength(0)
  })

  it('waits as any edit does while offline, and is restored after a reload from what is on disk', async () => {
    const start = await decided('server-wins', { text: 'mine' }, { text: 'theirs' })
    start.setOnline(false)
    const again = await start.reload()
    const [conflict] = await again.sync.conflicts.list()
    await again.until(again.sync.conflicts.resolve(conflict!.id, 'local'))
    expect(await again.db.notes.toArray()).toMatchObject([{ text: 'mine' }])
    expect(await again.sync.pending()).toMatchObject([{ key: 'n', state: 'waiting' }])
    again.setOnline(true)
    await again.synced()
    expect(again.backend.rows('notes')).toMatchObject([{ text: 'mine' }])
  })

  it('is decided anew in a tab that does not lead', async () => {
    const start = await decided('server-wins', { text: 'mine' }, { text: 'theirs' })
    const other = await secondTab(start)
    expect(other.sync.isLeader()).toBe(false)
    const [conflict] = await other.sync.conflicts.list()
    await start.until(other.sync.conflicts.resolve(conflict!.id, 'local'))
    await start.settled()
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'mine' }])
  })
})
