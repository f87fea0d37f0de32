import { describe, expect, it } from 'vitest'
import { calm } from './calm'
import { tryOn } from './invariants/controls'
import { captured, type Planted, planted } from './invariants/planted-history'
import { nothingLost } from './invariants/q1-nothing-lost'
import { startLibrary } from './library'
import type { Operation } from './operations'
import { rareWrites } from './rare-writes'
import { runCase, runSeed } from './run'

const patience = { timeout: 60_000 }
const place = { device: 0, tab: 0, table: 'notes', explicit: true, poisoned: false }
const keys = ['a', 'b', 'c']

describe('what is rarely done to many rows at once', patience, () => {
  it.each(rareWrites)('is done: %s', async (kind) => {
    let struck = 0
    for (let seed = 1; seed <= 5 && struck === 0; seed++) {
      const report = await runSeed(seed, {
        startEngine: startLibrary,
        adjust: (config) => ({ ...config, operations: 30, rareWrites: { [kind]: 4 } }),
      })
      struck = report.faults[kind] ?? 0
    }
    expect(struck).toBeGreaterThan(0)
  })

  const emptied = (choice: number): Operation[] => [
    { ...place, kind: 'bulk-add', ids: ['w0', 'w1', 'w2'], keys, at: 100 },
    { ...place, kind: 'clear', ids: ['clear'], at: 60_000 },
    { ...place, kind: 'look-after', choice, at: 120_000 },
  ]

  it.each([
    ['is sent when a person says so', 0.1, { effects: 6 }],
    ['is taken back when a person says so', 0.9, { effects: 3 }],
  ])('an emptied table %s', async (_, choice, expected) => {
    const report = await runCase(
      { seed: 1, config: calm, operations: emptied(choice) },
      { startEngine: startLibrary },
    )
    expect(report.failures).toEqual([])
    expect(report).toMatchObject({ ...expected, faults: { clear: 1 } })
  })
})

const row = { birth: 'w1', title: 'w1' }
const conflict = { id: 'c1', table: 'posts', code: 'mass-delete', entries: [[2, 0]] }

/** A row the server has, deleted here together with all others. */
const cleared = (): Planted =>
  planted()
    .wrote({ id: 'w1' })
    .committed(...captured(1, row))
    .reached({ key: 1, row })
    .leftAtServer(row)
    .wrote({ id: 'w2', kind: 'delete', birth: 'w1', fields: [] })
    .committed(
      { store: 'posts', key: 1, before: row },
      {
        store: '_sync_log',
        key: 2,
        after: { seq: 2, format: 1, table: 'posts', changes: [{ kind: 'delete', key: 1, before: row }] },
      },
    )
const asked = (more = {}): Planted =>
  cleared().committed({
    store: '_sync_conflicts',
    key: 'c1',
    after: { ...conflict, state: 'parked', ...more },
  })
const answered = (plant: Planted): Planted =>
  plant.committed({ store: '_sync_conflicts', key: 'c1', before: { ...conflict, state: 'parked' } })

tryOn([
  {
    invariant: nothingLost,
    right: { 'a deletion that a person has taken back': answered(asked()) },
    wrong: {
      'a deletion nobody was asked about': cleared(),
      'a deletion nobody has taken back': asked(),
      'a deletion, where somebody was asked about others': answered(
        asked({ entries: [[1, 0]], table: 'notes' }),
      ),
    },
  },
])
