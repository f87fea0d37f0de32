import { describe, expect, it } from 'vitest'
import { journey } from '../support/journey'
import { versionedRoutes } from '../support/versioned-routes'
import { type Script, scriptTest } from './script'

const note = { id: 'n', text: 'one' }
const there = (s: Script) =>
  s.put('notes', note).expectRequest('POST', '/api/notes').serve().quiet().runTimers(20_000)
const edited = (s: Script) =>
  there(s)
    .update('notes', { id: 'n' }, { text: 'two' })
    .expectRequest('PATCH', '/api/notes/n', { text: 'two' })
const noLook = { config: { routes: versionedRoutes } }

describe('pulls', () => {
  scriptTest('B1 a tab that dies while a page is stored has neither its rows nor its checkpoint', (s) =>
    s
      .killAt('page')
      .elsewhere('notes', 'a', { text: 'theirs' })
      .pull()
      .expectDeath()
      .holdReads()
      .restart()
      .expectLocal('notes', [])
      .expectPulled()
      .quiet()
      .expectLocal('notes', [{ id: 'a', text: 'theirs' }]),
  )

  scriptTest('B2 the echo of an edit comes before its answer, and a newer edit stays', (s) =>
    edited(s)
      .serveLate()
      .update('notes', { id: 'n' }, { text: 'three' })
      .call('pull', (sync) => sync.pull())
      .expectLocal('notes', [{ text: 'three' }])
      .arrive()
      .expectRequest('PATCH', '/api/notes/n', { text: 'three' })
      .serve()
      .quiet()
      .expectServer('notes', [{ text: 'three', version: 3 }])
      .expectEvents(),
  )

  scriptTest('B2 the echo of an edit comes between the edit and the next', (s) =>
    edited(s)
      .serveLate()
      .call('pull', (sync) => sync.pull())
      .arrive()
      .update('notes', { id: 'n' }, { text: 'three' })
      .expectRequest('PATCH', '/api/notes/n', { text: 'three' })
      .call('pull', (sync) => sync.pull())
      .expectLocal('notes', [{ text: 'three' }])
      .serve()
      .quiet()
      .expectServer('notes', [{ text: 'three', version: 3 }])
      .expectEvents(),
  )

  scriptTest(
    'B3 a page that was read before the push does not bring the old row back',
    (s) =>
      there(s)
        .holdReads()
        .pull()
        .expectRequest('GET', '/api/posts')
        .serve()
        .expectRequest('GET', '/api/notes')
        .serveLate()
        .update('notes', { id: 'n' }, { text: 'two' })
        .expectRequest('PATCH', '/api/notes/n', { text: 'two' })
        .serve()
        .expectWaiting(0)
        .arrive()
        .expectPulled()
        .expectLocal('notes', [{ text: 'two', version: 2 }])
        .quiet()
        .expectEvents(),
    noLook,
  )

  it('B9 a list of deletions moves no checkpoint, and a tombstone hides no later row', async () => {
    const { db, backend, synced } = await journey()
    const since = () => backend.asked({ method: 'GET', path: '/api/notes' }).at(-1)?.query.updated_after
    backend.insert('notes', { id: 'a', text: 'a' })
    backend.insert('notes', { id: 'b', text: 'b' })
    await synced()
    await synced()
    const before = since()
    backend.store.remove('notes', 'a')
    const body = { data: [], deleted: ['a'] }
    backend.respondNext(1, { status: 200, body }, { method: 'GET', path: '/api/notes' })
    await synced()
    await synced()
    expect(since()).toBe(before)
    backend.erase('notes', 'b')
    backend.insert('notes', { id: 'c', text: 'c' })
    backend.erase('notes', 'c')
    backend.insert('notes', { id: 'd', text: 'd' })
    await synced()
    expect(await db.notes.toArray()).toMatchObject([{ id: 'd' }])
  })

  scriptTest(
    'B10 a page that was read before the deletion does not bring the row back',
    (s) =>
      there(s)
        .holdReads()
        .pull()
        .expectRequest('GET', '/api/posts')
        .serve()
        .expectRequest('GET', '/api/notes')
        .serveLate()
        .remove('notes', { id: 'n' })
        .expectRequest('DELETE', '/api/notes/n')
        .serve()
        .expectWaiting(0)
        .arrive()
        .expectPulled()
        .expectLocal('notes', [])
        .quiet()
        .expectEvents(),
    noLook,
  )

  scriptTest('B17 what a page brings is not sent back', (s) =>
    s
      .elsewhere('notes', 'a', { text: 'theirs' })
      .elsewhere('posts', 7, { title: 'theirs' })
      .call('pull', (sync) => sync.pull())
      .expectWaiting(0)
      .expectSilence(120_000)
      .quiet(),
  )
})
