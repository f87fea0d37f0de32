import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { bugs } from '.'
import type { Trial } from './try-bug'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** In a process of its own: a broken engine may leave anything behind. */
async function trials(): Promise<Map<string, Trial>> {
  const command = ['--import', 'tsx', 'test/simulation/bugs/main.ts', '--recorded', '--json']
  const { stdout } = await promisify(execFile)(process.execPath, command, {
    cwd: root,
    maxBuffer: 1e8,
  }).catch((error: { stdout: string }) => error)
  const lines = stdout.split('\n').filter((text) => text.startsWith('{'))
  return new Map(lines.map((text) => JSON.parse(text) as Trial).map((trial) => [trial.name, trial]))
}

describe('the simulation', () => {
  let made: ReadonlyMap<string, Trial>

  beforeAll(async () => {
    made = await trials()
  }, 900_000)

  it.each(bugs)('finds $name, and has nothing against the real code', ({ name }) => {
    const trial = made.get(name)
    expect(trial?.noticed).not.toEqual([])
    expect(trial).toMatchObject({ name, seed: expect.any(Number), falsely: [] })
  })
})
