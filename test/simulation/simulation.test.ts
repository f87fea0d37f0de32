import { describe, expect, it } from 'vitest'
import { startLibrary } from './library'
import { onceFailed } from './regressions/seeds'
import { type Report, replayCommand, runSeed } from './run'

const seeds = [...Array.from({ length: 60 }, (_, i) => i + 1), ...Object.keys(onceFailed).map(Number)]

// Runs are bounded by steps; this is for a machine that does much else meanwhile.
const patience = { timeout: 120_000 }

describe('devices, tabs and one server, through faults of every kind', patience, () => {
  const reports: Report[] = []

  it.each(seeds)('keeps every promise with seed %i', async (seed) => {
    const report = await runSeed(seed, { startEngine: startLibrary })
    reports.push(report)
    expect(report.failures, `see ${replayCommand(seed)}`).toEqual([])
  })

  it('has met what it promises to survive', () => {
    const sum = (of: (report: Report) => number) => reports.reduce((total, report) => total + of(report), 0)
    expect(sum(({ writes }) => writes.acknowledged)).toBeGreaterThan(seeds.length * 10)
    expect(sum(({ tabs }) => tabs['killed-in-transaction'] ?? 0)).toBeGreaterThan(seeds.length / 10)
    expect(sum(({ conflicts }) => conflicts)).toBeGreaterThan(0)
    expect(sum(({ deadLetters }) => deadLetters)).toBeGreaterThan(0)
    expect(new Set(reports.flatMap(({ faults }) => Object.keys(faults))).size).toBeGreaterThan(5)
  })

  it.each([2, 3])('does the same again with seed %i', async (seed) => {
    const first = await runSeed(seed, { startEngine: startLibrary })
    const second = await runSeed(seed, { startEngine: startLibrary })
    expect(second).toEqual(first)
  })
})
