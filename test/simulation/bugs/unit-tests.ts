import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Bug } from './bug'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Whether the unit test of a bug fails with the bug in: it ran, and some of its tests did not pass. */
export function failsWith({ name }: Bug, unitTest: string): boolean {
  const { stdout } = spawnSync(
    'npx',
    ['vitest', 'run', '--config', 'test/simulation/bugs/vitest.config.ts', '--reporter', 'json', unitTest],
    { cwd: root, env: { ...process.env, BUG: name }, encoding: 'utf8', maxBuffer: 1e8 },
  )
  const { numPassedTests, numFailedTests } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Tally
  return numPassedTests + numFailedTests > 0 && numFailedTests > 0
}

interface Tally {
  readonly numPassedTests: number
  readonly numFailedTests: number
}
