import { expect, it } from 'vitest'
import { createBackend, goodSemantics } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

it('a change that is given up while its edit is on its way: the app is asked about what was written since', async () => {
  const asked: unknown[] = []
  const semantics = goodSemantics({ validate: (row) => (row.text === 'first' ? 'not like this' : undefined) })
  const start = await journey({
    backend: createBackend({ semantics }),
    config: {
      conflicts: {
        policy: 'server-wins',
        onConflict: async ({ base, local, remote }) => {
          asked.push(base?.text, local?.text, remote?.text)
          return { ...remote, text: `${local?.text} and ${remote?.text}` }
        },
      },
    },
  })
  const { db, backend, sync, until, settled, synced } = start
  await db.notes.add({ id: 'n', text: 'base' })
  await settled()
  const held = backend.holdNext({ method: 'PATCH' }, { applied: false })
  await db.notes.update('n', { text: 'first' })
  await until(held.arrived)
  backend.change('notes', 'n', { text: 'theirs' })
  await until(sync.pull())
  await until(sync.discard('notes', 'n'))
  await db.notes.update('n', { text: 'second' })
  held.release()
  await settled()
  await synced()
  expect(asked).toEqual(['base', 'second', 'theirs'])
  expect(backend.rows('notes')).toMatchObject([{ text: 'second and theirs' }])
  await expectSameRows(db, backend)
})

it('a record the app is asked about can be given up: the row is the server’s, whatever the app says later', async () => {
  let answer = () => {}
  const start = await journey({
    config: {
      conflicts: {
        timeout: 3_600_000,
        onConflict: () =>
          new Promise((resolve) => {
            answer = () => resolve('local')
          }),
      },
    },
  })
  const { db, backend, sync, setOnline, event, device, until, settled } = start
  await db.notes.add({ id: 'n', text: 'base' })
  await settled()
  setOnline(false)
  backend.change('notes', 'n', { text: 'theirs' })
  await db.notes.update('n', { text: 'mine' })
  setOnline(true)
  await event('pull-complete')
  await device.advance(1_000)
  await until(sync.discard('notes', 'n'))
  expect(await db.notes.toArray()).toMatchObject([{ text: 'theirs' }])
  answer()
  await settled()
  expect(backend.rows('notes')).toMatchObject([{ text: 'theirs' }])
  expect(await sync.conflicts.list()).toEqual([])
  await expectSameRows(db, backend)
})
