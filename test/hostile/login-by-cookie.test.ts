import { expect, it } from 'vitest'
import { createBackend, goodSemantics } from '../support/backend'
import { journey } from '../support/journey'

it('a login by cookie that was renewed once comes back by itself after a later log-out', async () => {
  let session: 'good' | 'expired' | 'gone' = 'good'
  const good = goodSemantics()
  const backend = createBackend({
    semantics: (request, store) => (session === 'good' ? good(request, store) : { status: 401, body: {} }),
  })
  const auth = {
    validateAuth: () => session !== 'gone',
    onAuthError: () => {
      if (session === 'gone') throw new Error('log in')
      session = 'good'
    },
  }
  const { db, sync, device, settled } = await journey({ backend, config: { auth } })
  await settled()
  session = 'expired'
  await db.notes.add({ id: 'a', text: 'one' })
  await settled()
  expect(backend.rows('notes')).toHaveLength(1)
  session = 'gone'
  await db.notes.add({ id: 'b', text: 'two' })
  await device.advance(120_000)
  expect(sync.getStatus().state).toBe('auth-required')
  session = 'good' // the person has logged in, in another tab
  await device.advance(300_000)
  expect(sync.getStatus().state).not.toBe('auth-required')
  expect(backend.rows('notes')).toHaveLength(2)
})
