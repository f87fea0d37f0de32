import { describe } from 'vitest'
import { type Script, scriptTest } from './script'

const note = { id: 'n', text: 'one' }
const no = { body: { error: 'no' } }
const refused = (s: Script) =>
  s.put('notes', note).expectRequest('POST', '/api/notes').respond(422, no).expectWaiting(0)

const retry = (s: Script) =>
  s.call('retry the letter', async (sync) => {
    const [letter] = await sync.deadLetters.list()
    await sync.deadLetters.retry(letter!.id)
  })

describe('dead letters', () => {
  scriptTest('D1 a refused row blocks itself alone: fifty others leave', (s) =>
    Array.from({ length: 50 }, (_, i) => `m${i}`)
      .reduce<Script>(
        (script, id) =>
          script.put('notes', { id, text: 'x' }).expectRequest('POST', '/api/notes', { id }).serve(),
        refused(s),
      )
      .expectWaiting(0)
      .expectLetters('rejected'),
  )

  scriptTest(
    'D2 what was edited after the refusal waits for the row, and leaves with it in one request',
    (s) =>
      retry(
        refused(s)
          .update('notes', { id: 'n' }, { text: 'two' })
          .update('notes', { id: 'n' }, { text: 'three' })
          .expectSilence(120_000),
      )
        .expectRequest('POST', '/api/notes', { id: 'n', text: 'three' })
        .serve()
        .expectSilence(60_000)
        .quiet()
        .expectServer('notes', [{ text: 'three', version: 1 }])
        .expectLetters(),
  )

  scriptTest('D4 a letter sent again after they changed the row overwrites only what was edited here', (s) =>
    retry(
      s
        .put('posts', { title: 'one', text: 'one' })
        .expectRequest('POST', '/api/posts')
        .serve()
        .quiet()
        .update('posts', { title: 'one' }, { title: 'mine' })
        .expectRequest('PATCH', '/api/posts/1')
        .respond(422, no)
        .expectWaiting(0)
        .expectLetters('rejected')
        .elsewhere('posts', 1, { text: 'theirs' })
        .call('pull', (sync) => sync.pull()),
    )
      .expectRequest('PATCH', '/api/posts/1', { title: 'mine' })
      .serve()
      .quiet()
      .expectServer('posts', [{ title: 'mine', text: 'theirs' }]),
  )

  scriptTest('D6 a tab that dies while a letter is written has it once', (s) =>
    s
      .killAt('letter')
      .put('notes', note)
      .expectRequest('POST', '/api/notes')
      .respond(422, no)
      .restart()
      .expectLetters()
      .expectRequest('POST', '/api/notes')
      .expectSameAgain()
      .respond(422, no)
      .expectWaiting(0)
      .expectLetters('rejected')
      .expectSilence(120_000),
  )
})
