import { describe, expect, it } from 'vitest'
import type { SyncConfig } from '../../src/index'
import { createBackend, goodSemantics } from '../support/backend'
import { expectSameRows, type Journey, journey } from '../support/journey'

/** Takes what is made, and refuses the edit. */
const refusing = () =>
  createBackend({
    semantics: goodSemantics({ validate: ({ title }) => (title === 'edited' ? 'no' : undefined) }),
  })

/** A post that is edited before the answer to its create: what the edit knows of it has the temporary key. */
async function editedBeforeItsKey(here: Journey): Promise<void> {
  const { db, sync, backend, until } = here
  await until(sync.pull())
  const create = backend.holdNext({ method: 'POST' })
  const temporary = await db.posts.add({ title: 'made', text: 'as it was' })
  await until(create.arrived)
  await db.posts.update(temporary, { title: 'edited' })
  create.release()
}

async function expectOneRow({ db, backend }: Journey): Promise<void> {
  const [{ id } = {}] = backend.store.all('posts')
  expect(await db.posts.toArray()).toMatchObject([{ id, title: 'edited', text: 'as it was' }])
}

describe('a row that was edited before the server told its key, and is deleted there', () => {
  it('is shown under its real key while the edit lies here as a dead letter', async () => {
    const here = await journey({ backend: refusing() })
    const { sync, backend, until } = here
    await editedBeforeItsKey(here)
    await here.event('dead-letter')
    backend.erase('posts', backend.rows('posts')[0]!.id)
    await until(sync.pull())
    await expectOneRow(here)
  })

  it('is so too where the deletion is heard of before the refusal', async () => {
    const here = await journey({ backend: refusing() })
    const { sync, backend, until } = here
    await editedBeforeItsKey(here)
    const edit = backend.holdNext({ method: 'PATCH' })
    await until(edit.arrived)
    backend.erase('posts', backend.rows('posts')[0]!.id)
    await until(sync.pull())
    edit.release()
    await here.event('dead-letter')
    await expectOneRow(here)
  })

  it('is what the app is told under one key, when the letter is sent again', async () => {
    const told: unknown[] = []
    const onConflict: NonNullable<SyncConfig['conflicts']>['onConflict'] = ({ base, local }) => {
      told.push(base?.id, local?.id)
      return 'local'
    }
    const here = await journey({ backend: refusing(), config: { conflicts: { onConflict } } })
    const { db, sync, backend, until } = here
    await editedBeforeItsKey(here)
    await here.event('dead-letter')
    const { id } = backend.rows('posts')[0]!
    backend.erase('posts', id)
    await until(sync.pull())
    const [letter] = await sync.deadLetters.list()
    await until(sync.deadLetters.edit(letter!.id, { title: 'mended' }))
    await here.synced()
    expect(told).toEqual([id, id])
    expect(backend.rows('posts')).toMatchObject([{ title: 'mended', text: 'as it was' }])
    await expectSameRows(db, backend)
  })
})
