import { describe, expect, it } from 'vitest'
import { startLibrary } from './library'
import { runSeed } from './run'

// Runs are bounded by steps; this is for a machine that does much else meanwhile.
describe('a run', { timeout: 120_000 }, () => {
  it.each([2, 3, 5, 7])('does the same again with seed %i', async (seed) => {
    const first = await runSeed(seed, { startEngine: startLibrary })
    const second = await runSeed(seed, { startEngine: startLibrary })
    expect(second).toEqual(first)
  })
})
