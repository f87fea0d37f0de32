import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const page = readFileSync('docs/security.md', 'utf8')
const rows = page.split('\n').filter((line) => /^\| S\d+ \|/.test(line))

describe('the table of docs/security.md', () => {
  it('has every threat once, in order', () => {
    const numbers = rows.map((row) => Number(/^\| S(\d+)/.exec(row)?.[1]))
    expect(numbers).toEqual(Array.from({ length: 28 }, (_, at) => at + 1))
  })

  it('names files that exist', () => {
    const named = [...page.matchAll(/`((?:src|test|scripts|docs)\/[^`\s]+)`/g)].map(([, path]) => path!)
    expect(named.length).toBeGreaterThan(40)
    expect(named.filter((path) => !existsSync(path))).toEqual([])
  })

  it('has a control and a test for each threat, or says that there is none', () => {
    const bare = rows.filter((row) => {
      const [, , , control = '', test = ''] = row.split('|')
      return (
        !/`src\/|[Nn]ot (?:built|protected)|`scripts\/|`docs\//.test(control) ||
        !/`(?:test|scripts)\/|[Nn]one/.test(test)
      )
    })
    expect(bare).toEqual([])
  })
})
