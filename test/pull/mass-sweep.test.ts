import { expect, it } from 'vitest'
import { isMassSweep } from '../../src/pull/mass-sweep'

it.each([
  ['nothing goes', { unlisted: 0, rows: 100, listed: 0 }, 0.5, false],
  ['the server listed nothing', { unlisted: 1, rows: 1, listed: 0 }, 0.5, true],
  [
    'the server listed nothing, and deletions are not asked about',
    { unlisted: 1, rows: 1, listed: 0 },
    1,
    true,
  ],
  ['few rows go, though most of them', { unlisted: 19, rows: 20, listed: 1 }, 0.5, false],
  ['most of many rows go', { unlisted: 60, rows: 100, listed: 40 }, 0.5, true],
  ['just the share that is allowed goes', { unlisted: 50, rows: 100, listed: 50 }, 0.5, false],
  [
    'most of many rows go, and deletions are not asked about',
    { unlisted: 99, rows: 100, listed: 1 },
    1,
    false,
  ],
])('a sweep where %s', (_, sweep, ratio, asked) => {
  expect(isMassSweep(sweep, ratio)).toBe(asked)
})
