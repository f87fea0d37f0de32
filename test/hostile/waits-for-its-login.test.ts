import { describe, expect, it } from 'vitest'
import { journey } from '../support/journey'
import { users } from '../support/users'

describe('whenPushed under another login', () => {
  it('does not call accepted what waits until the database is theirs', async () => {
    const world = users('A')
    const { db, sync, device, settled, until } = await journey(world)
    await db.notes.add({ id: 'a', text: 'A one' })
    await settled()
    world.user = 'B'
    await db.notes.add({ id: 'b', text: 'B one' })
    let told: string | undefined
    const waiting = sync.whenPushed('notes', 'b').then(
      ({ outcome }) => {
        told = outcome
      },
      // The sync tables begin another life with the sign-out: it may say so.
      ({ code }: { code: string }) => {
        told = code
      },
    )
    await device.advance(60_000)
    expect(told).toBeUndefined()

    await until(sync.signOut())
    await until(sync.sync())
    await settled()
    await until(waiting)
    expect(['accepted', 'signed-out']).toContain(told)
    expect(world.rows('B')).toMatchObject([{ text: 'B one' }])
  })
})
