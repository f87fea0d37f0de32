import { describe, expect, it } from 'vitest'
import { journey } from '../support/journey'
import { users } from '../support/users'

const upload = async () => {
  const world = users('A')
  const here = await journey({
    ...world,
    config: { ...world.config, initialUpload: true },
    start: false,
    before: async (db) => void (await db.notes.add({ id: 'old', text: 'A old' })),
  })
  return { ...here, world }
}

describe('signing out before rows from before sync were taken up for upload', () => {
  for (const pending of ['refuse', 'keep'] as const)
    it(`does not remove them with pending: '${pending}'`, async () => {
      const { db, sync, until, settled, world } = await upload()
      await until(db.open())
      await expect(until(sync.signOut({ pending }))).rejects.toMatchObject({
        code: 'unsynced-changes',
        details: { count: 1 },
      })
      await until(sync.start())
      await settled()
      expect(await db.notes.toArray()).toMatchObject([{ text: 'A old' }])
      expect(world.rows('A')).toMatchObject([{ text: 'A old' }])
    })
})
