import { expect, it } from 'vitest'
import { createBackend, goodSemantics } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

it('an edit of a record that was given up while the app was asked about it leaves once the app is asked no more', async () => {
  const conflicts = {
    policy: 'custom' as const,
    timeout: 20_000,
    onConflict: () => new Promise<never>(() => {}),
  }
  const { db, backend, sync, device, setOnline, settled, until } = await journey({
    config: { conflicts, sync: { interval: 0 } },
  })
  await db.notes.add({ id: 'n', text: 'base' })
  await settled()
  setOnline(false)
  await db.notes.update('n', { text: 'mine' })
  backend.change('notes', 'n', { text: 'theirs' })
  setOnline(true)
  await device.advance(5_000)
  void sync.pull()
  await device.advance(1_000)
  await until(sync.discard('notes', 'n'))
  expect(await db.notes.get('n')).toMatchObject({ text: 'theirs' })
  await db.notes.update('n', { text: 'later' })
  await device.advance(40_000)
  expect(backend.rows('notes')).toMatchObject([{ text: 'later' }])
  await settled()
  await expectSameRows(db, backend)
})

it('a letter that is sent again leaves at once, though a newer row had come before it was refused', async () => {
  const backend = createBackend({
    semantics: goodSemantics({ validate: ({ text }) => (text === 'bad' ? 'no' : undefined) }),
  })
  const { db, sync, device, settled, until } = await journey({ backend, config: { sync: { interval: 0 } } })
  await db.notes.add({ id: 'n', text: 'base', ...{ colour: 'red' } })
  await settled()
  const held = backend.holdNext({ method: 'PATCH' })
  await db.notes.update('n', { text: 'bad' })
  await until(held.arrived)
  backend.change('notes', 'n', { colour: 'green' })
  await until(sync.pull())
  held.release()
  await device.advance(5_000)
  const [letter] = await sync.deadLetters.list()
  await until(sync.deadLetters.edit(letter!.id, { text: 'good' }))
  await device.advance(20_000)
  expect(backend.rows('notes')).toMatchObject([{ text: 'good', colour: 'green' }])
  await settled()
  await expectSameRows(db, backend)
})
