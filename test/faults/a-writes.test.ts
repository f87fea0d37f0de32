import { describe } from 'vitest'
import { versionedRoutes } from '../support/versioned-routes'
import { type Script, scriptTest } from './script'

const note = { id: 'n', text: 'one' }
const put = (s: Script) => s.put('notes', note).expectRequest('POST', '/api/notes', note)
const there = (s: Script) => put(s).serve().quiet()
const day = 86_400_000

describe('writes', () => {
  scriptTest('A1 a create whose answer is lost makes one row', (s) =>
    put(s)
      .serveAndLose()
      .expectRequest('POST', '/api/notes')
      .expectSameAgain()
      .serve()
      .quiet()
      .expectServer('notes', [{ ...note, version: 1 }])
      .expectEvents(),
  )

  scriptTest('A2 a tab that dies before it has settled the answer sends the same again', (s) =>
    s
      .killAt('settle')
      .put('notes', note)
      .expectRequest('POST', '/api/notes')
      .serve()
      .restart()
      .update('notes', { id: 'n' }, { text: 'edited' })
      .expectRequest('POST', '/api/notes', note)
      .expectSameAgain()
      .serve()
      .quiet()
      .expectServer('notes', [{ id: 'n', text: 'edited', version: 2 }]),
  )

  scriptTest(
    'A2 a tab that dies while a row gets the key of the server ends with one row',
    (s) =>
      s
        .killAt('rename')
        .put('posts', { title: 'once' })
        .expectRequest('POST', '/api/posts')
        .serve()
        .restart()
        .expectRequest('POST', '/api/posts')
        .expectSameAgain()
        .serve()
        .quiet()
        .expectServer('posts', [{ id: 1, title: 'once' }])
        .expectLocal('posts', [{ id: 1, title: 'once' }]),
    { idempotent: true },
  )

  scriptTest('A3 a tab that dies between the fence and the first byte sends it once', (s) =>
    s
      .killAt('send')
      .put('notes', note)
      .restart()
      .expectRequest('POST', '/api/notes', note)
      .serve()
      .expectSilence(60_000)
      .expectServer('notes', [{ ...note, version: 1 }])
      .quiet(),
  )

  scriptTest('A3 a fence that was rolled back is as if it had never been', (s) =>
    s
      .killAt('fence')
      .put('notes', note)
      .restart()
      .expectRequest('POST', '/api/notes', note)
      .serve()
      .quiet()
      .expectServer('notes', [{ ...note, version: 1 }]),
  )

  scriptTest(
    'A4 an edit made during the push stays, and leaves with the version the push has made',
    (s) =>
      there(s)
        .update('notes', { id: 'n' }, { text: 'two' })
        .expectRequest('PATCH', '/api/notes/n', { text: 'two', version: 1 })
        .update('notes', { id: 'n' }, { text: 'three' })
        .serve()
        .expectRequest('PATCH', '/api/notes/n', { text: 'three', version: 2 })
        .expectLocal('notes', [{ text: 'three', version: 2 }])
        .serve()
        .quiet()
        .expectEvents(),
    { server: { answersConflicts: true }, config: { routes: versionedRoutes } },
  )

  scriptTest('A5 a delete waits for the create on its way, and uses the key it brings', (s) =>
    s
      .put('posts', { title: 'regretted' })
      .expectRequest('POST', '/api/posts')
      .remove('posts', { title: 'regretted' })
      .expectSilence()
      .serve()
      .expectRequest('DELETE', '/api/posts/1')
      .serve()
      .quiet()
      .expectServer('posts', []),
  )

  scriptTest('A6 what was sent before the tab died is not folded with what comes after', (s) =>
    s
      .killAt('answer')
      .put('notes', note)
      .expectRequest('POST', '/api/notes')
      .serve()
      .restart()
      .expectRequest('POST', '/api/notes')
      .expectSameAgain()
      .lose()
      .remove('notes', { id: 'n' })
      .expectRequest('POST', '/api/notes')
      .expectSameAgain()
      .serve()
      .expectRequest('DELETE', '/api/notes/n')
      .serve()
      .quiet()
      .expectServer('notes', []),
  )

  scriptTest(
    'A7 a conflict with what an earlier try of ours has written is none',
    (s) =>
      there(s)
        .update('notes', { id: 'n' }, { text: 'two' })
        .expectRequest('PATCH', '/api/notes/n', { version: 1 })
        .serveAndLose()
        .expectRequest('PATCH', '/api/notes/n', { version: 1 })
        .expectSameAgain()
        .serve()
        .quiet()
        .expectServer('notes', [{ text: 'two', version: 2 }])
        .expectEvents(),
    { server: { answersConflicts: true }, config: { routes: versionedRoutes } },
  )

  scriptTest('A7 a row whose making arrived unheard, edited elsewhere and deleted here, is a conflict', (s) =>
    put(s)
      .serveAndLose()
      .elsewhere('notes', 'n', { text: 'theirs' })
      .remove('notes', { id: 'n' })
      .expectRequest('POST', '/api/notes', note)
      .expectSameAgain()
      .serve()
      .quiet()
      .expectLocal('notes', [{ text: 'theirs' }])
      .expectEvents('conflict'),
  )

  scriptTest(
    'A7 where deletions win it is deleted there too',
    (s) =>
      put(s)
        .serveAndLose()
        .elsewhere('notes', 'n', { text: 'theirs' })
        .remove('notes', { id: 'n' })
        .expectRequest('POST', '/api/notes', note)
        .serve()
        .expectRequest('DELETE', '/api/notes/n')
        .serve()
        .quiet()
        .expectServer('notes', [])
        .expectEvents('conflict'),
    { config: { conflicts: { onDelete: 'delete-wins' } } },
  )

  scriptTest(
    'A7 and where the app is asked, it is told of the deletion',
    (s) =>
      put(s)
        .serveAndLose()
        .elsewhere('notes', 'n', { text: 'theirs' })
        .remove('notes', { id: 'n' })
        .expectRequest('POST', '/api/notes', note)
        .serve()
        .quiet()
        .expectServer('notes', [])
        .expectEvents('conflict'),
    {
      idempotent: false,
      config: {
        conflicts: {
          policy: 'custom',
          onConflict: ({ local, remote }) => (local === null && remote ? 'local' : 'remote'),
        },
      },
    },
  )

  scriptTest('A8 a delete that finds nothing the second time is done', (s) =>
    there(s)
      .remove('notes', { id: 'n' })
      .expectRequest('DELETE', '/api/notes/n')
      .serveAndLose()
      .expectRequest('DELETE', '/api/notes/n')
      .expectSameAgain()
      .respond(410)
      .quiet()
      .expectLetters()
      .expectEvents(),
  )

  scriptTest('A9 the second edit of a row waits until the first is answered', (s) =>
    there(s)
      .update('notes', { id: 'n' }, { text: 'two' })
      .expectRequest('PATCH', '/api/notes/n', { text: 'two' })
      .update('notes', { id: 'n' }, { text: 'three' })
      .call('push', async (sync) => void sync.push())
      .expectSilence(20_000)
      .serve()
      .expectRequest('PATCH', '/api/notes/n', { text: 'three' })
      .serve()
      .quiet()
      .expectServer('notes', [{ text: 'three', version: 3 }]),
  )

  scriptTest('A12 a create without an answer for a day, under a key of the server, is for a person', (s) =>
    s
      .killAt('answer')
      .put('posts', { title: 'once' })
      .expectRequest('POST', '/api/posts')
      .serve()
      .jumpClock(day + 3_600_000)
      .restart()
      .expectSilence(60_000)
      .expectServer('posts', [{ title: 'once' }])
      .expectConflicts('unknown-outcome'),
  )

  scriptTest('A12 a create without an answer for a day, under a key of the app, is looked at', (s) =>
    s
      .killAt('answer')
      .put('notes', note)
      .expectRequest('POST', '/api/notes')
      .serve()
      .jumpClock(day + 3_600_000)
      .restart()
      .quiet()
      .expectServer('notes', [{ ...note, version: 1 }])
      .expectConflicts()
      .expectLetters(),
  )

  scriptTest(
    'A13 what the server makes of a row is the row, and nothing is sent for it',
    (s) =>
      s
        .put('notes', { id: 'n', text: '  one  ' })
        .expectRequest('POST', '/api/notes', { text: '  one  ' })
        .serve()
        .expectSilence(120_000)
        .expectLocal('notes', [note])
        .quiet(),
    {
      semantics: (good) => (request, store) => {
        const { text } = (request.body ?? {}) as { text?: string }
        const body = text === undefined ? request.body : { ...(request.body as object), text: text.trim() }
        return good({ ...request, body }, store)
      },
    },
  )

  scriptTest(
    'A14 the row is found under both keys, and edits made before the answer go to the new one',
    (s) =>
      s
        .put('posts', { title: 'draft' })
        .expectRequest('POST', '/api/posts')
        .update('posts', { title: 'draft' }, { text: 'more' })
        .serve()
        .expectRequest('PATCH', '/api/posts/1', { text: 'more' })
        .serve()
        .quiet()
        .expectLocal('posts', [{ id: 1, title: 'draft', text: 'more' }]),
  )

  scriptTest('A15 a large row has the time a slow connection needs, and is sent once', (s) =>
    s
      .put('notes', { id: 'n', text: 'x'.repeat(1_000_000) })
      .expectRequest('POST', '/api/notes')
      .expectSilence(100_000)
      .serve()
      .expectSilence(60_000)
      .quiet()
      .expectServer('notes', [{ id: 'n', version: 1 }]),
  )

  scriptTest('A15 a server that says the request is being worked on is asked again with the same key', (s) =>
    put(s)
      .respond(409, { body: { type: 'https://api.example.test/idempotency-key-in-use' } })
      .expectRequest('POST', '/api/notes')
      .expectSameAgain()
      .serve()
      .quiet()
      .expectServer('notes', [{ ...note, version: 1 }])
      .expectEvents(),
  )

  scriptTest('A16 a page that is put away sends nothing more; what waits leaves when it is back', (s) =>
    put(s)
      .serveAndLose()
      .putAway()
      .update('notes', { id: 'n' }, { text: 'two' })
      .expectSilence(3_600_000)
      .bringBack()
      .quiet()
      .expectServer('notes', [{ text: 'two', version: 2 }]),
  )

  scriptTest(
    'A16 a page that is brought back sends what was on its way once more, and not twice at once (I2)',
    (s) =>
      put(s)
        .serveAndLose()
        .putAway()
        .expectSilence(3_600_000)
        .bringBack()
        .expectRequest('POST', '/api/notes')
        .expectSameAgain()
        .expectSilence(2_000)
        .serve()
        .quiet()
        .expectServer('notes', [{ ...note, version: 1 }]),
  )
})
