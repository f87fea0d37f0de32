import { expect, it } from 'vitest'
import { codeFaults } from './code-shape'
import { deviceFaults } from './device-faults'
import { invariants } from './invariants'
import { networkFaults } from './network-faults'
import { rareWrites } from './rare-writes'
import { onceFailed } from './regressions/seeds'
import { replayCommand } from './run'
import { serverFaults } from './server-weather'
import { runShards } from './shards'
import { spellKinds } from './spells'
import { add, emptyTally, figures, shortfalls } from './tally'

/** What the runs must have met, or their silence says nothing. */
const demands = {
  faults: [
    ...networkFaults,
    ...spellKinds.map((kind) => `${kind}-spell`),
    'offline',
    ...deviceFaults,
    ...serverFaults,
    ...codeFaults,
    ...rareWrites,
    'judgement-fails',
    'login-throws',
    'login-hangs',
    'locks-apart',
    'message-late',
    'message-twice',
    'message-lost',
  ],
  strikes: 100,
  share: 0.6,
  invariants: invariants.map(({ name }) => name),
}

// 500 seeds take as long as they take; what is left of five minutes goes to more.
it('no write is lost, none is done twice, and all is equal in the end', { timeout: 3_600_000 }, async () => {
  const began = performance.now()
  let tally = emptyTally
  const first = Object.keys(onceFailed).map(Number)
  await runShards({ first, from: 1, seeds: 500, minutes: 5 }, (report) => {
    tally = add(tally, report)
  })
  console.log(figures(tally, performance.now() - began))
  const failures = tally.failed.map(({ seed, failures }) => `${failures[0]} (${replayCommand(seed)})`)
  expect(failures).toEqual([])
  expect(shortfalls(tally, demands)).toEqual([])
})
