import { expect, it } from 'vitest'
import { journey } from '../support/journey'
import { users } from '../support/users'

it('a sign-out leaves no word of when the one who left was last in sync', async () => {
  const world = users('A')
  const { sync, device, until, settled, synced, reload } = await journey(world)
  await settled()
  await device.advance(10_000)
  await synced()
  await until(sync.signOut())
  await device.advance(1_000)
  world.user = null
  const again = await reload()
  await device.settle()
  expect(again.sync.getStatus().lastSyncedAt).toBeUndefined()
})
