import { describe, expect, it } from 'vitest'
import { createBackend, goodSemantics } from '../support/backend'
import { eventLog, expectSameRows, journey } from '../support/journey'

/** A backend that knows no Idempotency-Key, and answers 409 to a row that is there. */
const forgetful = () => createBackend({ semantics: goodSemantics({ idempotent: false }) })

describe('a create whose answer was lost, refused when it comes again because it is there (A1)', () => {
  it('is taken for accepted: a deletion made meanwhile follows it', async () => {
    const { backend, db, until, setOnline, settled } = await journey({ backend: forgetful() })
    backend.dropResponse(3, { method: 'POST' })
    const sent = backend.nextRequest({ method: 'POST' })
    await db.notes.add({ id: 'n', text: 'made' })
    await until(sent)
    await db.notes.delete('n')
    setOnline(true)
    await settled()
    expect(backend.rows('notes')).toEqual([])
    await expectSameRows(db, backend)
  })

  it('is taken for accepted: an edit made meanwhile follows it, and nobody is asked', async () => {
    const { backend, db, sync, until, settled } = await journey({ backend: forgetful() })
    const heard = eventLog(sync, 'conflict')
    backend.dropResponse(3, { method: 'POST' })
    const sent = backend.nextRequest({ method: 'POST' })
    await db.notes.add({ id: 'n', text: 'made' })
    await until(sent)
    await db.notes.update('n', { text: 'edited' })
    await settled()
    expect(backend.rows('notes')).toMatchObject([{ text: 'edited' }])
    expect(heard).toEqual([])
    await expectSameRows(db, backend)
  })
})
