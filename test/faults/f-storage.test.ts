import { describe, expect, it } from 'vitest'
import { eventLog, expectSameRows, type Journey, journey } from '../support/journey'

/** What somebody does to a store behind everybody's back. */
async function behind({ db }: Journey, store: string, work: (store: IDBObjectStore) => void): Promise<void> {
  const transaction = db.backendDB().transaction(store, 'readwrite')
  work(transaction.objectStore(store))
  await new Promise((resolve) => transaction.addEventListener('complete', resolve))
}

async function withRows(): Promise<Journey> {
  const here = await journey({ config: { sync: { interval: 0 } } })
  for (const id of ['a', 'b', 'c']) here.backend.insert('notes', { id, text: id })
  await here.synced()
  return here
}

const writes = ({ backend }: Journey) => backend.requests.filter(({ method }) => method !== 'GET')

describe('storage', () => {
  it('F4 lost checkpoints cost a pull, and no conflict', async () => {
    const start = await withRows()
    start.setOnline(false)
    await start.db.notes.update('a', { text: 'mine' })
    await behind(start, '_sync_checkpoints', (store) => store.clear())
    const here = await start.reload()
    const heard = eventLog(here.sync, 'conflict', 'dead-letter')
    here.setOnline(true)
    await here.synced()
    expect(heard).toEqual([])
    expect(writes(here).map(({ method, path }) => `${method} ${path}`)).toEqual(['PATCH /api/notes/a'])
    await expectSameRows(here.db, here.backend)
  })

  it('F4 checkpoints lost under a leader at work are asked for anew', async () => {
    const here = await withRows()
    await behind(here, '_sync_checkpoints', (store) => store.clear())
    here.backend.change('notes', 'a', { text: 'theirs' })
    await here.until(here.sync.sync().catch(() => {}))
    await here.synced()
    expect((await here.db.notes.get('a'))?.text).toBe('theirs')
    await expectSameRows(here.db, here.backend)
  })

  it('F5 rows that vanished under the checkpoint are not deleted at the server, and come back with resync', async () => {
    const start = await withRows()
    await behind(start, 'notes', (store) => store.clear())
    const here = await start.reload()
    await here.synced()
    expect(writes(here)).toEqual([])
    expect(here.backend.rows('notes')).toHaveLength(3)
    await here.until(here.sync.resync('notes'))
    await here.settled()
    await expectSameRows(here.db, here.backend)
  })

  it('J5 decided conflicts and rows set aside do not pile up', async () => {
    const start = await withRows()
    const now = start.device.now()
    const decided = (id: string, at: number) => ({
      ...{ id, table: 'notes', key: 'a', code: 'conflict', state: 'decided', fields: [], at },
    })
    await behind(start, '_sync_conflicts', (store) => {
      store.put(decided('old', now - 31 * 86_400_000))
      store.put(decided('recent', now - 86_400_000))
    })
    await behind(start, '_sync_quarantine', (store) => {
      for (let i = 0; i < 1_005; i++) store.put({ table: 'notes', at: now })
    })
    await behind(start, '_sync_aliases', (store) => {
      store.put({ table: 'posts', temporary: -1, key: 1, at: now - 31 * 86_400_000 })
      store.put({ table: 'posts', temporary: -2, key: 2, at: now })
    })
    const here = await start.reload()
    await here.settled()
    expect((await here.sync.conflicts.list()).map(({ id }) => id)).toEqual(['recent'])
    const count = (store: string) =>
      new Promise((resolve) => {
        const counted = here.db.backendDB().transaction(store).objectStore(store).count()
        counted.addEventListener('success', () => resolve(counted.result))
      })
    expect(await count('_sync_quarantine')).toBe(1_000)
    expect(await count('_sync_aliases')).toBe(1)
  })
})
