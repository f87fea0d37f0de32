import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** What a strict Content-Security-Policy or Trusted Types would refuse: text that becomes code or markup. */
const forbidden =
  /\beval\s*\(|\bnew Function\b|\bFunction\(|\bset(?:Timeout|Interval)\(\s*['"`]|\bimportScripts\(|\.(?:inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|createElement\(\s*['"]script/

function scripts(folder: string): [path: string, text: string][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:js|mjs|ts)$/.test(path) && !/\.d\.[cm]?ts$/.test(path))
    .map((path): [string, string] => [join(folder, path), readFileSync(join(folder, path), 'utf8')])
}

it.each([
  'src',
  'node_modules/ky/distribution',
  'node_modules/p-retry',
  'node_modules/broadcast-channel/dist/esbrowser',
])('S23 nothing in %s makes code or markup of text', (folder) => {
  const found = scripts(folder)
  expect(found.length).toBeGreaterThan(0)
  expect(found.filter(([, text]) => forbidden.test(text)).map(([path]) => path)).toEqual([])
})

it('S23 knows what it looks for', () => {
  for (const text of ['eval(x)', 'new Function("x")', "setTimeout('x')", 'a.innerHTML = b'])
    expect(forbidden.test(text), text).toBe(true)
})
