import { expect, it } from 'vitest'
import { calm } from './calm'
import { startLibrary } from './library'
import type { Action, Operation } from './operations'
import { runCase } from './run'

const place = { device: 0, tab: 0 }
const write: Action = { ...place, kind: 'add-thread', ids: ['w0', 'w1'], explicit: true, poisoned: false }
const upgrade: Action = { ...place, kind: 'upgrade', lasting: 30_000 }

it('a newer release makes the app close its database, and all goes on when it has upgraded it', {
  timeout: 60_000,
}, async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const operations: Operation[] = [
      { ...write, at: 1_000 },
      { ...upgrade, at: 1_000 },
      { ...write, ids: ['w2', 'w3'], at: 50_000 },
    ]
    const report = await runCase(
      { seed, config: { ...calm, tabs: 2 }, operations },
      { startEngine: startLibrary },
    )
    expect(report).toMatchObject({ failures: [], faults: { upgrade: 1 } })
    expect(report.effects + report.writes.failed).toBe(4)
    expect(report.effects).toBeGreaterThanOrEqual(2)
  }
})
