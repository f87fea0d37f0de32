import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { bugs } from '.'
import { patched, patchesOf } from './bug'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const read = (file: string) => readFileSync(root + file, 'utf8')

describe('a planted bug', () => {
  it.each(bugs)('$name applies to the source as it is', (bug) => {
    for (const file of new Set(patchesOf(bug).map((patch) => patch.file))) {
      const ours = patchesOf(bug).filter((patch) => patch.file === file)
      expect(patched(read(file), ours)).not.toBe(read(file))
    }
  })

  it.each(bugs.flatMap(({ unitTest }) => unitTest ?? []))(
    'has its own test outside the simulation: %s',
    (file) => {
      expect(file).toMatch(/^test\/(?!simulation\/).+\.test\.ts$/)
      expect(existsSync(root + file)).toBe(true)
    },
  )

  it('that does not apply is an error, and so is one that applies twice', () => {
    const patch = { file: 'src/a.ts', find: 'one', replace: 'two' }
    expect(patched('the one', [patch])).toBe('the two')
    expect(() => patched('the other', [patch])).toThrow('src/a.ts: 0 times')
    expect(() => patched('one by one', [patch])).toThrow('src/a.ts: 2 times')
  })
})
