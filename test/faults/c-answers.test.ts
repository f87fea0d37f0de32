import { describe } from 'vitest'
import { versionedRoutes } from '../support/versioned-routes'
import { type Script, scriptTest } from './script'

const note = { id: 'n', text: 'one' }
const put = (s: Script) => s.put('notes', note).expectRequest('POST', '/api/notes', note)
const edited = (s: Script) => put(s).serve().quiet().update('notes', { id: 'n' }, { text: 'two' })
const patched = (s: Script) => edited(s).expectRequest('PATCH', '/api/notes/n', { text: 'two' })
const noLook = { config: { routes: versionedRoutes } }
const page = { text: '<!doctype html><title>Log in</title>', headers: { 'content-type': 'text/html' } }

describe('answers to a change', () => {
  scriptTest(
    'C1 a row that is not there any more meets the policy, which makes it again',
    (s) =>
      put(s)
        .serve()
        .quiet()
        .elsewhere('notes', 'n', null)
        .update('notes', { id: 'n' }, { text: 'two' })
        .expectRequest('PATCH', '/api/notes/n')
        .serve()
        .expectRequest('POST', '/api/notes', { id: 'n', text: 'two' })
        .serve()
        .quiet()
        .expectServer('notes', [{ text: 'two' }])
        .expectEvents('conflict'),
    noLook,
  )

  scriptTest(
    'C1 a page that says 404 is not the backend, and the change waits',
    (s) =>
      patched(s)
        .respond(404, page)
        .expectRequest('PATCH', '/api/notes/n')
        .expectSameAgain()
        .serve()
        .quiet()
        .expectServer('notes', [{ text: 'two', version: 2 }])
        .expectEvents(),
    noLook,
  )

  scriptTest('C2 a 409 with another row under the key of a create is for a person', (s) =>
    s
      .elsewhere('notes', 'n', { text: 'theirs' })
      .put('notes', note)
      .expectRequest('POST', '/api/notes')
      .serve()
      .expectWaiting(0)
      .expectConflicts('conflict')
      .call('take theirs', async (sync) => {
        const [conflict] = await sync.conflicts.list()
        await sync.conflicts.resolve(conflict!.id, 'remote')
      })
      .quiet()
      .expectLocal('notes', [{ text: 'theirs' }]),
  )

  scriptTest(
    'C3 after a 412 without a row the row is read, and the policy decides',
    (s) =>
      patched(s)
        .elsewhere('notes', 'n', { text: 'theirs' })
        .respond(412)
        .expectRequest('PATCH', '/api/notes/n', { text: 'two', version: 2 })
        .serve()
        .quiet()
        .expectServer('notes', [{ text: 'two', version: 3 }])
        .expectEvents('conflict'),
    noLook,
  )

  scriptTest('C4 a 428 is a refusal that a person sees', (s) =>
    put(s).respond(428).expectWaiting(0).expectSilence(120_000).expectLetters('rejected'),
  )

  scriptTest('C5 a 422 becomes a dead letter, is not tried again, and holds nobody up', (s) =>
    put(s)
      .respond(422, { body: { error: 'no' } })
      .put('notes', { id: 'm', text: 'other' })
      .expectRequest('POST', '/api/notes', { id: 'm' })
      .serve()
      .expectSilence(120_000)
      .expectServer('notes', [{ id: 'm' }])
      .expectLocal('notes', [{ id: 'm' }, note])
      .expectLetters('rejected'),
  )

  scriptTest('C6 a 413 becomes a dead letter', (s) =>
    put(s).respond(413, page).expectSilence(120_000).expectLetters('too-large'),
  )

  scriptTest('C7 a server that names a time is left alone by every change until then', (s) =>
    put(s)
      .respond(503, { headers: { 'retry-after': '60' } })
      .put('posts', { title: 'other' })
      .expectSilence(59_000)
      .expectRequest('POST', '/api/notes')
      .expectSameAgain()
      .expectSilence()
      .serve()
      .expectRequest('POST', '/api/posts')
      .serve()
      .quiet()
      .expectLetters(),
  )

  scriptTest('C10 a login page with status 200 acknowledges nothing', (s) =>
    put(s)
      .respond(200, page)
      .expectRequest('POST', '/api/notes')
      .expectSameAgain()
      .serve()
      .quiet()
      .expectServer('notes', [{ ...note, version: 1 }])
      .expectLetters(),
  )

  scriptTest('C12 an answer without a body acknowledges, and nothing is sent twice', (s) =>
    put(s)
      .serveLate()
      .respond(204)
      .expectWaiting(0)
      .expectSilence(120_000)
      .quiet()
      .expectLocal('notes', [{ ...note, version: 1 }]),
  )

  scriptTest('C15 a connection that fails again and again spends no attempt', (s) =>
    Array.from({ length: 8 })
      .reduce<Script>((script) => script.lose().expectRequest('POST', '/api/notes').expectSameAgain(), put(s))
      .serve()
      .quiet()
      .expectLetters(),
  )
})
