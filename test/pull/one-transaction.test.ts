import { expect, it } from 'vitest'
import { createBackend } from '../support/backend'
import { Blog } from '../support/blog'
import { journey } from '../support/journey'

it('rows and checkpoint of a page are written in one transaction (I5)', async () => {
  const written = new Map<object, Set<string>>()
  const openBlog = (name: string) => {
    const db = new Blog(name)
    db.use({
      stack: 'dbcore',
      level: 0.5,
      name: 'who-writes-what',
      create: (down) => ({
        ...down,
        table: (table) => ({
          ...down.table(table),
          mutate: (request) => {
            const stores = written.get(request.trans) ?? new Set()
            written.set(request.trans, stores.add(table))
            return down.table(table).mutate(request)
          },
        }),
      }),
    })
    return db
  }
  const backend = createBackend()
  for (const title of ['one', 'two', 'three']) backend.insert('posts', { title })
  backend.insert('notes', { id: 'n', text: 'one' })
  const { sync, until, db } = await journey({ backend, openBlog })
  await until(sync.pull())
  expect(await db.posts.count()).toBe(3)
  const first = (store: string) => [...written.values()].find((stores) => stores.has(store))
  expect(first('_sync_checkpoints')).toContain('posts')
  expect(
    [...written.values()].filter((stores) => stores.has('posts') && !stores.has('_sync_checkpoints')),
  ).toEqual([])
})
