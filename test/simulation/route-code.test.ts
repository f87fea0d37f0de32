import { describe, expect, it } from 'vitest'
import { calm } from './calm'
import { codeFaults, noCode } from './code-shape'
import { startLibrary } from './library'
import type { Operation } from './operations'
import { prng } from './prng'
import { RouteCode } from './route-code'
import { runCase, runSeed } from './run'
import { Struck } from './struck'

const patience = { timeout: 60_000 }
const rates = { throws: 0.1, hangs: 0.05, garbage: 0.1, late: 0.1 }

describe('functions in routes', patience, () => {
  it.each(codeFaults)('fail: %s', async (fault) => {
    let struck = 0
    for (let seed = 1; seed <= 3 && struck === 0; seed++) {
      const report = await runSeed(seed, {
        startEngine: startLibrary,
        adjust: (config) => ({ ...config, operations: 20, code: { used: true, ...rates } }),
      })
      struck = report.faults[fault] ?? 0
    }
    expect(struck).toBeGreaterThan(0)
  })

  it('bring every change to the server where they do not', async () => {
    const operations: Operation[] = [
      {
        device: 0,
        tab: 0,
        table: 'notes',
        explicit: true,
        poisoned: false,
        kind: 'add',
        ids: ['w0'],
        keys: ['a'],
        at: 9,
      },
    ]
    const config = { ...calm, code: { ...noCode, used: true } }
    const report = await runCase({ seed: 1, config, operations }, { startEngine: startLibrary })
    expect(report).toMatchObject({ failures: [], effects: 1, faults: {} })
  })

  it('do what they should once the faults are over', async () => {
    const struck = new Struck()
    const code = new RouteCode(
      { ...noCode, used: true, throws: 1 },
      prng(1, 'code'),
      async () => {},
      struck,
      () => {},
    )
    const double = code.wrap((n: number) => 2 * n)
    await expect((async () => double(2))()).rejects.toThrow('a function of a route failed')
    code.heal()
    expect(double(2)).toBe(4)
    expect(struck.get('code-throws')).toBe(1)
  })
})
