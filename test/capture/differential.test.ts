import { describe, expect, it } from 'vitest'
import { compareSeed } from './differential/compare'

describe('a synced database beside a plain one', () => {
  const blocks = Array.from({ length: 10 }, (_, i) => i)
  it.each(blocks)(
    'answers like it, and its log tells all it did, block %i of 30 random sequences',
    async (block) => {
      for (let seed = block * 30; seed < (block + 1) * 30; seed++) await compareSeed(seed)
      expect.assertions(0)
    },
    30_000,
  )
})
