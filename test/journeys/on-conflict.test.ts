import { describe, expect, it } from 'vitest'
import type { SyncConfig } from '../../src/index'
import { type Backend, createBackend, goodSemantics } from '../support/backend'
import { blogRoutes, eventLog, expectSameRows, type Journey, journey } from '../support/journey'
import { versionedRoutes } from '../support/versioned-routes'

type OnConflict = NonNullable<Conflicts['onConflict']>
type Conflicts = NonNullable<SyncConfig['conflicts']>

const backends: [string, () => Backend, typeof blogRoutes][] = [
  ['never answers 409', () => createBackend(), blogRoutes],
  [
    'answers 409 to an old version',
    () => createBackend({ semantics: goodSemantics({ answersConflicts: true }) }),
    versionedRoutes,
  ],
]

/** Notes that both sides changed while this device was offline; the app is asked about each. */
async function disputed(start: Journey, ids = ['n']): Promise<void> {
  const { db, backend, setOnline, settled } = start
  for (const id of ids) await db.notes.add({ id, text: 'base', ...{ colour: 'red' } })
  await settled()
  setOnline(false)
  for (const id of ids) {
    backend.change('notes', id, { text: `theirs of ${id}` })
    await db.notes.update(id, { text: `mine of ${id}` })
  }
  setOnline(true)
}

describe.each(backends)('onConflict, with a backend that %s,', (_, backend, routes) => {
  const begin = (conflicts: Conflicts) => journey({ backend: backend(), config: { routes, conflicts } })

  it('gets the three rows and the fields in dispute, frozen, and its row stands on both sides', async () => {
    const asked: unknown[] = []
    const start = await begin({
      policy: 'custom',
      onConflict: (conflict) => {
        asked.push(conflict)
        expect(Object.isFrozen(conflict)).toBe(true)
        return {
          ...conflict.remote,
          id: 'another',
          text: `${conflict.local?.text} and ${conflict.remote?.text}`,
        }
      },
    })
    await disputed(start)
    await start.settled()
    expect(asked).toMatchObject([
      {
        table: 'notes',
        key: 'n',
        base: { text: 'base' },
        local: { text: 'mine of n' },
        remote: { text: 'theirs of n' },
        fields: ['text'],
      },
    ])
    expect(start.backend.rows('notes')).toMatchObject([
      { id: 'n', text: 'mine of n and theirs of n', colour: 'red' },
    ])
    expect(await start.sync.conflicts.list()).toMatchObject([
      { state: 'decided', decision: 'merged', key: 'n' },
    ])
    await start.synced()
    await expectSameRows(start.db, start.backend)
  })

  it('may take its time: nothing else waits for it, and its record does not leave before', async () => {
    let resolve: (answer: 'local') => void = () => {}
    const promise = new Promise<'local'>((answer) => {
      resolve = answer
    })
    const start = await begin({ policy: 'server-wins', timeout: 3_600_000, onConflict: () => promise })
    const { db, backend, event, settled, synced, sync, device } = start
    await disputed(start)
    await event('pull-complete')
    await db.notes.add({ id: 'other', text: 'quick' })
    await db.posts.add({ title: 'quicker' })
    await device.advance(60_000)
    expect(backend.rows('notes')).toMatchObject([{ text: 'theirs of n' }, { text: 'quick' }])
    expect(backend.rows('posts')).toHaveLength(1)
    expect((await db.notes.get('n'))?.text).toBe('mine of n')
    expect(await sync.pending()).toMatchObject([{ key: 'n', state: 'waiting' }])
    resolve('local')
    await settled()
    expect(backend.rows('notes')).toMatchObject([{ text: 'mine of n' }, { text: 'quick' }])
    await synced()
    await expectSameRows(db, backend)
  })

  it.each<[string, OnConflict, unknown]>([
    ['null deletes', () => null, undefined],
    ['local', async () => 'local' as const, 'mine of n'],
    ['remote', () => 'remote', 'theirs of n'],
    ['undefined leaves it to the policy', () => undefined, 'theirs of n'],
  ])('%s', async (_, onConflict, text) => {
    const start = await begin({ policy: 'server-wins', onConflict })
    await disputed(start)
    await start.settled()
    await start.synced()
    expect(start.backend.rows('notes')[0]?.text).toBe(text)
    await expectSameRows(start.db, start.backend)
    expect(start.tab.reports).toEqual([])
  })

  it('park leaves it to a person', async () => {
    const start = await begin({ policy: 'server-wins', onConflict: () => 'park' })
    await disputed(start)
    await start.settled()
    const [conflict] = await start.sync.conflicts.list()
    expect(conflict).toMatchObject({
      state: 'parked',
      local: { text: 'mine of n' },
      remote: { text: 'theirs of n' },
    })
    await start.until(start.sync.conflicts.resolve(conflict!.id, 'local'))
    await start.synced()
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'mine of n' }])
    await expectSameRows(start.db, start.backend)
  })

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('the secret text of the row')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['hangs', () => new Promise(() => {})],
    ['answers a number', () => 42],
    ['answers a list', () => [{ text: 'x' }]],
    ['answers a word', () => 'mine'],
    ['answers true', () => true],
    ['answers a function', () => () => ({})],
    ['answers a date', () => new Date()],
    ['answers a row with a function', () => ({ text: () => 'x' })],
    ['answers a row with a promise', () => ({ text: Promise.resolve('x') })],
    ['answers a row with a symbol', () => ({ text: Symbol('x') })],
    [
      'answers a row that contains itself',
      () => {
        const row: Record<string, unknown> = {}
        row.self = row
        return row
      },
    ],
    ['answers a map', () => new Map([['text', 'x']])],
  ])('that %s is reported, and the policy decides', async (_, onConflict) => {
    const start = await begin({ policy: 'server-wins', timeout: 5_000, onConflict: onConflict as never })
    await disputed(start, ['m', 'n'])
    await start.db.notes.add({ id: 'o', text: 'other' })
    await start.settled()
    expect(start.tab.reports).toMatchObject([
      { code: 'user-code-failed', table: 'notes', key: 'm' },
      { code: 'user-code-failed', table: 'notes', key: 'n' },
    ])
    expect(start.tab.reports.map(String).join()).not.toMatch(/mine of|theirs of|secret/)
    expect(start.backend.rows('notes').map(({ text }) => text)).toEqual([
      'theirs of m',
      'theirs of n',
      'other',
    ])
    await expectSameRows(start.db, start.backend)
  })

  it('with policy custom a person decides where it fails', async () => {
    const start = await begin({ policy: 'custom', onConflict: () => Promise.reject(new Error('no')) })
    await disputed(start)
    await start.settled()
    expect(await start.sync.conflicts.list()).toMatchObject([{ state: 'parked' }])
    expect(start.sync.getStatus().conflicts).toBe(1)
  })

  it('is asked again when the row was edited meanwhile, and sees the edit', async () => {
    const seen: unknown[] = []
    const start = await begin({
      policy: 'custom',
      onConflict: async ({ local }) => {
        seen.push(local?.text)
        if (seen.length === 1) await start.db.notes.update('n', { text: 'mine, later' })
        return { ...local }
      },
    })
    await disputed(start)
    await start.settled()
    expect(seen).toEqual(['mine of n', 'mine, later'])
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'mine, later' }])
    await start.synced()
    await expectSameRows(start.db, start.backend)
  })

  it('that changes its row whenever it is asked is asked three times; then a person is', async () => {
    let times = 0
    const start = await begin({
      policy: 'server-wins',
      onConflict: async () => {
        times += 1
        await start.db.notes.update('n', { text: `mine ${times}` })
        return 'remote' as const
      },
    })
    const heard = eventLog(start.sync, 'conflict')
    await disputed(start)
    await start.settled()
    expect(times).toBe(3)
    expect(heard).toEqual(['conflict'])
    expect(await start.sync.conflicts.list()).toMatchObject([
      { state: 'parked', local: { text: 'mine 3' }, remote: { text: 'theirs of n' } },
    ])
  })

  it('a function of a field decides that field; where it has nothing to say, the policy', async () => {
    const start = await begin({
      policy: 'merge',
      fields: {
        text: async (base: unknown, mine: unknown, theirs: unknown) => `${base}: ${mine}, ${theirs}`,
        colour: () => undefined,
      },
    })
    const { db, backend, setOnline, settled, synced } = start
    await db.notes.add({ id: 'n', text: 'base', ...{ colour: 'red' } })
    await settled()
    setOnline(false)
    backend.change('notes', 'n', { text: 'theirs', colour: 'blue' })
    await db.notes.update('n', { text: 'mine', ...{ colour: 'green' } })
    setOnline(true)
    await settled()
    expect(backend.rows('notes')).toMatchObject([{ text: 'base: mine, theirs', colour: 'green' }])
    await synced()
    await expectSameRows(db, backend)
  })

  it('is not asked where nobody disagrees', async () => {
    let times = 0
    const start = await begin({
      policy: 'custom',
      onConflict: () => {
        times += 1
        return undefined
      },
    })
    const { db, backend, setOnline, settled, synced } = start
    await db.notes.bulkAdd([
      { id: 'm', text: 'base' },
      { id: 'n', text: 'base' },
    ])
    await settled()
    setOnline(false)
    backend.change('notes', 'm', { text: 'same' })
    backend.change('notes', 'n', { colour: 'blue' })
    await db.notes.update('m', { text: 'same' })
    await db.notes.update('n', { text: 'mine' })
    setOnline(true)
    await settled()
    await synced()
    expect(times).toBe(0)
    await expectSameRows(db, backend)
  })
})

describe('a conflict nobody has decided yet', () => {
  const hangs = {
    policy: 'server-wins',
    timeout: 3_600_000,
    onConflict: () => new Promise<never>(() => {}),
  } as const

  it('is asked about again by the next page, from what is on disk', async () => {
    const start = await journey({ config: { conflicts: hangs } })
    await disputed(start)
    await start.event('pull-complete')
    await start.device.advance(1_000)
    const again = await start.reload({ conflicts: { policy: 'server-wins', onConflict: () => 'local' } })
    await again.settled()
    expect(again.backend.rows('notes')).toMatchObject([{ text: 'mine of n' }])
    await again.synced()
    await expectSameRows(again.db, again.backend)
  })

  it('is asked about with the newest row of the server', async () => {
    const start = await journey({ config: { conflicts: hangs } })
    await disputed(start)
    await start.event('pull-complete')
    await start.device.advance(1_000)
    start.backend.change('notes', 'n', { text: 'theirs, later' })
    void start.sync.pull().catch(() => {})
    await start.device.advance(1_000)
    const asked: unknown[] = []
    const onConflict = ({ base, remote }: { base: unknown; remote: unknown }) => {
      asked.push(base, remote)
      return 'remote' as const
    }
    const again = await start.reload({ conflicts: { policy: 'custom', onConflict } })
    await again.settled()
    expect(asked).toMatchObject([{ text: 'base' }, { text: 'theirs, later' }])
    await expectSameRows(again.db, again.backend)
  })

  it('keeps nobody from stopping, and nothing is left running (I12)', async () => {
    const start = await journey({ config: { conflicts: hangs } })
    await disputed(start)
    await start.event('pull-complete')
    await start.device.advance(1_000)
    const before = start.device.now()
    await start.device.until(start.sync.stop())
    expect(start.device.now() - before).toBeLessThan(1_000)
    start.device.expectNothingLeft()
    expect(await start.sync.pending()).toMatchObject([{ key: 'n', state: 'waiting' }])
  })

  it('stays undecided where the app stops sync while it is asked', async () => {
    let stopped = () => {}
    const stop = new Promise<void>((resolve) => {
      stopped = resolve
    })
    const start: Journey = await journey({
      config: {
        conflicts: {
          policy: 'server-wins',
          onConflict: async () => {
            await start.sync.stop()
            stopped()
            return 'local' as const
          },
        },
      },
    })
    await disputed(start)
    await start.device.until(stop)
    await start.device.advance(60_000)
    start.device.expectNothingLeft()
    expect(await start.sync.pending()).toMatchObject([{ key: 'n', state: 'waiting' }])
  })

  it('is answered by sync(): it ends when the app has decided and that has gone', async () => {
    const start = await journey({
      config: {
        sync: { interval: 0, onOnline: false },
        conflicts: { policy: 'custom', onConflict: async () => 'local' as const },
      },
    })
    await disputed(start)
    const result = await start.until(start.sync.sync())
    expect(result).toMatchObject({ conflicts: 1 })
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'mine of n' }])
  })
})
