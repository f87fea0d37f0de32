import { it } from 'vitest'
import { journey } from './support/journey'
it('x', async () => {
  const { db, sync, device, tab, backend } = await journey({ })
  for (const n of ['sync-start','sync-complete','push-start','push-complete','pull-complete','push-error','sync-error','storage-error'] as const) sync.on(n, (d) => console.log(device.now() % 1e8, n, JSON.stringify(d)))
  sync.subscribe(() => console.log(device.now() % 1e8, JSON.stringify(sync.getSnapshot())))
  const first = await db.posts.add({ title: 'a' })
  console.log('settle')
  await device.settle()
  console.log('advance')
  await device.advance(61000)
  console.log(sync.getStatus(), tab.warnings, tab.reports, backend.requests.length, await sync.getQueueDepth())
})
