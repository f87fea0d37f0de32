import { it } from 'vitest'
import { journey } from './support/journey'
it('dbg', async () => {
  const { db, backend, device, sync, tab } = await journey()
  await device.advance(1000)
  for (const n of ['sync-complete','push-start','push-complete','push-error','pull-error','sync-error','storage-error','leader-change','auth-required','dead-letter'] as const) sync.on(n, (d) => console.log(n, JSON.stringify(d)))
  await db.posts.bulkAdd(Array.from({ length: 60 }, (_, i) => ({ title: `${i}` })))
  for (let i = 0; i < 4; i++) { await device.advance(10000); console.log(i, backend.requests.length, JSON.stringify(sync.getStatus())); 
   console.log(await sync.getQueueDepth()) }
  console.log(tab.reports)
}, 60000)
