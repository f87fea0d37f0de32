import { describe, expect, it } from 'vitest'
import { compareSeed } from './differential/compare'

describe('a synced database beside a plain one', () => {
  it.each(Array.from({ length: 10 }, (_, i) => i * 30))(
    'answers like it, and its log tells all it did: random sequences from %i on',
    async (first) => {
      for (let seed = first; seed < first + 30; seed++)
        await expect(compareSeed(seed)).resolves.toBeUndefined()
    },
    30_000,
  )
})
