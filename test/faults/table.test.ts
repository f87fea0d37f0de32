import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { titles } from '../support/titles'

/** How many rows each section of the catalogue of faults has. */
const sections = { A: 16, B: 19, C: 16, D: 6, E: 13, F: 13, G: 3, H: 9, J: 5, W: 7 }
const ids = Object.entries(sections).flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, i) => `${letter}${i + 1}`),
)

const lines = readFileSync('docs/faults.md', 'utf8').match(/^\| [A-Z]\d+ .*$/gm) ?? []
const rows = lines.map((line) => {
  const [, id, , , file = '', test = ''] =
    /^\| ([A-Z]\d+) \| ([^|]+) \| ([^|]+) \| `([^`]+)`: ([^|]+) \|$/.exec(line) ?? []
  return { line, id, file, test }
})

describe('the table of faults', () => {
  it('names every row of the catalogue once, in its order', () => {
    expect(rows.map(({ id, line }) => id ?? line)).toEqual(ids)
  })

  it('points to tests that exist', () => {
    const wrong = rows.filter(
      ({ file, test }) => !existsSync(file) || !titles(file).some((title) => title.includes(test)),
    )
    expect(wrong.map(({ line }) => line)).toEqual([])
  })
})
