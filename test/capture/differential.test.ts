import { describe, expect, it } from 'vitest'
import { compareSeed } from './differential/compare'
import { compareServerKeyedSeed } from './differential/server-keyed'

/** Seeds in blocks: a failure names its seed, and the same seed fails again. */
const blocks = (size: number) => Array.from({ length: 10 }, (_, i) => i * size)

describe('a synced database beside a plain one', () => {
  it.each(blocks(20))(
    'answers alike, and its log tells all it did: random sequences from %i on',
    async (first) => {
      for (let seed = first; seed < first + 20; seed++)
        await expect(compareSeed(seed)).resolves.toBeUndefined()
    },
    60_000,
  )

  it.each(blocks(10))(
    'answers alike but for temporary keys: random sequences from %i on',
    async (first) => {
      for (let seed = first; seed < first + 10; seed++)
        await expect(compareServerKeyedSeed(seed)).resolves.toBeUndefined()
    },
    60_000,
  )
})
