import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { calm } from './calm'
import type { Case } from './case'
import { startLibrary } from './library'
import { runCase } from './run'

interface Regression extends Case {
  /** What it broke when it was found. */
  readonly found: string
}

const folder = new URL('regressions/', import.meta.url)

describe('what was found once', () => {
  it.each(readdirSync(folder).filter((name) => name.endsWith('.json')))('stays mended: %s', async (name) => {
    const { found, seed, config, operations } = JSON.parse(
      readFileSync(new URL(name, folder), 'utf8'),
    ) as Regression
    // What did not exist when it was found does not happen in it.
    const report = await runCase(
      { seed, config: { ...calm, ...config }, operations },
      { startEngine: startLibrary },
    )
    expect(report.failures, found).toEqual([])
  })
})
