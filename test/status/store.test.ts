import { describe, expect, it } from 'vitest'
import { createStatusStore } from '../../src/status/store'

function world() {
  const reports: unknown[] = []
  const store = createStatusStore({
    now: () => 1,
    isOnline: () => true,
    report: (error) => reports.push(error),
  })
  return { reports, store }
}

describe('the status store', () => {
  it('hands out the same object while nothing changed', () => {
    const { store } = world()
    const before = store.getSnapshot()
    store.apply({ name: 'online', data: {} })
    store.apply({ name: 'counts', data: { pending: 0, deadLetters: 0, conflicts: 0 } })
    expect(store.getSnapshot()).toBe(before)
    store.apply({ name: 'counts', data: { pending: 1, deadLetters: 0, conflicts: 0 } })
    expect(store.getSnapshot()).not.toBe(before)
  })

  it('calls a subscriber on change only, until it leaves', () => {
    const { store } = world()
    const seen: string[] = []
    const stop = store.subscribe(() => seen.push(store.getSnapshot().state))
    expect(seen).toEqual([])
    store.apply({ name: 'engine', data: 'running' })
    store.apply({ name: 'engine', data: 'running' })
    store.apply({ name: 'paused', data: true })
    stop()
    store.apply({ name: 'paused', data: false })
    expect(seen).toEqual(['idle', 'paused'])
  })

  it('reports a subscriber that throws and calls the others', () => {
    const { store, reports } = world()
    const seen: string[] = []
    const broken = new Error('broken')
    store.subscribe(() => {
      throw broken
    })
    store.subscribe(() => seen.push('called'))
    store.apply({ name: 'role', data: { leader: true } })
    expect(seen).toEqual(['called'])
    expect(reports).toEqual([broken])
  })

  it('gives other tabs what is shared and nothing of its own', () => {
    const { store } = world()
    store.apply({ name: 'role', data: { leader: true } })
    store.apply({ name: 'pull-start', data: { tables: [] } })
    expect(store.shared()).toEqual({
      pushing: false,
      pulling: true,
      paused: false,
      signedOut: false,
      identityChanged: false,
      unreachable: false,
      hasSynced: false,
    })
  })
})
