import { expect, it } from 'vitest'
import { runSoak } from '../soak/soak'

it('Two devices with three tabs each come to rest with nothing lost, doubled or leaked', async () => {
  const { rounds, failures } = await runSoak({ seed: 1, rounds: 2, roundLength: 6, baseline: 0 })
  expect(failures).toEqual([])
  const writes = rounds.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
  expect(writes).toBeGreaterThan(130) // the board is filled with 130 rows
}, 180_000)
