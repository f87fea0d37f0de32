import { describe, expect, it } from 'vitest'
import { createBackend } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

describe('a create that was sent, whose answer nobody heard', () => {
  it('still counts as sent after a resend that the login held back: a delete follows it to the server', async () => {
    let signedIn = true
    const { db, sync, backend, settled, until, device } = await journey({
      config: { auth: { getHeaders: () => (signedIn ? { authorization: 'Bearer t' } : null) } },
    })
    await settled()
    backend.dropResponse(1, { method: 'POST' })
    const sent = backend.nextRequest({ method: 'POST' })
    const id = await db.posts.add({ title: 'regretted' })
    await until(sent)
    signedIn = false
    await device.advance(60_000)
    expect(sync.getStatus().state).toBe('auth-required')
    await db.posts.delete(id)
    signedIn = true
    await until(sync.sync())
    await settled()
    expect(await db.posts.count()).toBe(0)
    expect(backend.rows('posts')).toEqual([])
    await expectSameRows(db, backend)
  })

  it('still counts as sent when its resend was got ready and then not launched', async () => {
    let phase = 1
    const backend = createBackend({
      guard: ({ method }) => {
        if (method !== 'POST' || phase !== 2) return undefined
        phase = 3
        return { status: 503, headers: { 'retry-after': '30' } }
      },
    })
    const start = await journey({ backend, online: false, config: { sync: { push: { concurrency: 4 } } } })
    const keys: number[] = []
    for (const title of ['a', 'b', 'c', 'd']) keys.push(await start.db.posts.add({ title }))
    const held = keys.map(() => backend.holdNext({ method: 'POST' }))
    start.setOnline(true)
    for (const one of held) await start.until(one.arrived)
    phase = 2
    const { db, settled, device, until, sync } = await start.reload({ sync: { push: { concurrency: 2 } } })
    const slow = backend.holdNext({ method: 'POST' })
    await until(slow.arrived)
    await device.advance(2_000)
    slow.release()
    await device.advance(2_000)
    expect(phase).toBe(3)
    await db.posts.bulkDelete(keys)
    await settled()
    await until(sync.sync())
    await settled()
    expect(await db.posts.count()).toBe(0)
    expect(backend.rows('posts')).toEqual([])
  })
})
