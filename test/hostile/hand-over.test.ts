import { describe, expect, it } from 'vitest'
import { journey } from '../support/journey'
import { secondTab } from './second-tab'

describe('another tab takes over', () => {
  it('and stays paused, though it was there before the pause', async () => {
    const first = await journey()
    await first.settled()
    const second = await secondTab(first)
    await first.until(first.sync.pause())
    await first.until(first.sync.stop())
    await first.device.advance(5_000)
    expect(second.sync.isLeader()).toBe(true)
    const asked = first.backend.requests.length
    await second.db.posts.add({ title: 'quietly' })
    await first.device.advance(120_000)
    expect(first.backend.requests.length).toBe(asked)
    expect(second.sync.getStatus().state).toBe('paused')
  })

  it('and goes on, though it was opened during a pause', async () => {
    const first = await journey()
    await first.settled()
    await first.until(first.sync.pause())
    const second = await secondTab(first)
    await first.until(first.sync.resume())
    await first.until(first.sync.stop())
    await first.device.advance(5_000)
    await second.db.posts.add({ title: 'goes' })
    await first.device.advance(120_000)
    expect(first.backend.rows('posts')).toHaveLength(1)
  })
})
