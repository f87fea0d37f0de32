import { describe, expect, it, onTestFinished } from 'vitest'
import type { Environment } from '../../src/environment'
import { createSync } from '../../src/sync'
import { secondTab } from '../hostile/second-tab'
import { Blog } from '../support/blog'
import { blogRoutes, expectSameRows, type Journey, journey } from '../support/journey'

type Sent = Readonly<Record<string, unknown>>

/** One more tab of the same app, of another release: what it says and hears passes through these. */
async function tabOfAnotherRelease(
  { backend, device, db: { name } }: Journey,
  speaks: (message: Sent) => readonly unknown[],
  hears: (message: Sent) => boolean = () => true,
) {
  const tab = device.tab({ fetch: (request) => backend.fetch(request) })
  const channel: Environment['channel'] = (of) => {
    const own = tab.channel(of)
    return {
      ...own,
      post: (message) => {
        for (const said of speaks(message as Sent)) own.post(said)
      },
      listen: (heard) => own.listen((message) => hears(message as Sent) && heard(message)),
    }
  }
  const db = new Blog(name)
  const sync = createSync(
    db,
    { baseUrl: 'https://api.example.test', routes: blogRoutes },
    { ...tab, channel },
  )
  onTestFinished(async () => {
    if (!tab.gone) await device.until(sync.stop())
    db.close()
  })
  await device.until(sync.start())
  return { db, sync, tab }
}

/** A later release says more in every message, and things nobody here has heard of. */
const later = (message: Sent) => [
  { ...message, mood: 'good', ...(message.kind === 'event' && { event: withMore(message.event as Sent) }) },
  { v: 1, kind: 'event', event: { name: 'eclipse', data: {} }, from: message.from },
  { v: 1, kind: 'telepathy', from: message.from },
  { ...message, v: 2, kind: 'wake', tables: 7 },
]
const withMore = (event: Sent) => ({ ...event, data: { ...(event.data as Sent), more: [1] } })

describe('tabs of two releases side by side', () => {
  it('share the work, whichever leads', async () => {
    const first = await journey()
    await first.settled()
    const other = await tabOfAnotherRelease(first, later)
    const unknown: unknown[] = []
    first.sync.on('eclipse' as never, (data) => unknown.push(data))
    await other.db.notes.add({ id: 'a', text: 'x' })
    await first.until(other.sync.whenPushed('notes', 'a'))
    await first.until(first.sync.stop())
    await first.device.advance(5_000)
    expect(other.sync.isLeader()).toBe(true)
    const third = await secondTab(first)
    await third.db.notes.add({ id: 'b', text: 'x' })
    const heard = new Promise<void>((resolve) => third.sync.once('sync-complete', () => resolve()))
    await first.until(third.sync.sync())
    await first.until(heard)
    await first.until(third.sync.whenPushed('notes', 'b'))
    expect(third.sync.getStatus()).toMatchObject({ pending: 0, hasSynced: true })
    expect(unknown).toEqual([])
    await expectSameRows(third.db, first.backend)
    expect([...first.tab.reports, ...third.tab.reports, ...other.tab.reports]).toEqual([])
  })

  it('a call that the leader does not know ends as no-leader after 30 s; others go on', async () => {
    const first = await journey()
    await first.settled()
    const old = await tabOfAnotherRelease(
      first,
      (message) => [message],
      ({ kind, name }) => !(kind === 'call' && name === 'resync'),
    )
    await first.until(first.sync.stop())
    await first.device.advance(5_000)
    expect(old.sync.isLeader()).toBe(true)
    const third = await secondTab(first)
    const started = first.device.now()
    const error = await first.until(third.sync.resync().catch((thrown) => thrown))
    expect(error).toMatchObject({ name: 'SyncError', code: 'no-leader' })
    expect(first.device.now() - started).toBeGreaterThanOrEqual(30_000)
    await first.until(third.sync.sync())
  })

  it('a call nobody knows is not answered', async () => {
    const first = await journey()
    await first.settled()
    const probe = first.device.tab()
    const heard: unknown[] = []
    const channel = probe.channel(`dexie-rest-sync:${first.db.name}`)
    channel.listen((message) => heard.push(message))
    channel.post({ v: 1, kind: 'call', id: 'x', name: 'fly', from: 'probe' })
    await first.device.settle()
    expect(heard.filter((message) => (message as Sent).id === 'x')).toEqual([])
    await channel.close()
  })
})
