import { onTestFinished } from 'vitest'
import type { SyncConfig, SyncEngine } from '../../src/index'
import { createSync } from '../../src/sync'
import { Blog } from '../support/blog'
import type { FakeTab } from '../support/fake-environment'
import { blogRoutes, type Journey } from '../support/journey'

/** One more tab of the same app on the same device, over the same database. */
export async function secondTab(
  { backend, device, db: { name } }: Journey,
  config: Partial<SyncConfig> = {},
): Promise<{ readonly db: Blog; readonly sync: SyncEngine; readonly tab: FakeTab }> {
  const tab = device.tab({ fetch: (request) => backend.fetch(request) })
  const db = new Blog(name)
  const sync = createSync(db, { baseUrl: 'https://api.example.test', routes: blogRoutes, ...config }, tab)
  onTestFinished(async () => {
    if (!tab.gone) await device.until(sync.stop())
    db.close()
  })
  await device.until(sync.start())
  return { db, sync, tab }
}
