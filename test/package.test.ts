import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSource } from './support/source-files'

type Names = Record<string, string>

interface Manifest {
  readonly scripts: Names
  readonly dependencies: Names
  readonly peerDependencies: Names
  readonly devDependencies: Names
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest

/** Every text file of the named folders. */
function texts(...folders: string[]): [path: string, text: string][] {
  return folders.filter(existsSync).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(tsx?|mjs|md|html|css)$/.test(path) && !/node_modules|dist/.test(path))
      .map((path): [string, string] => [join(folder, path), readFileSync(join(folder, path), 'utf8')]),
  )
}

describe('the package', () => {
  it('depends on what it imports, and on nothing else', () => {
    const imported = readSource('src').flatMap((file) => file.imports.filter((one) => !one.inside))
    const packages = new Set(
      imported.map(({ from }) =>
        from
          .split('/')
          .slice(0, from.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
    )
    const declared = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]
    expect([...packages].filter((name) => !declared.includes(name))).toEqual([])
    expect(Object.keys(manifest.dependencies).filter((name) => !packages.has(name))).toEqual([])
  })

  it('has tools that are pinned, and a lock file that names no download address', () => {
    const loose = Object.entries(manifest.devDependencies).filter(([, version]) => !/^\d/.test(version))
    expect(loose).toEqual([])
    expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved": "https?:/)
  })

  it('has scripts whose files exist', () => {
    const files = Object.values(manifest.scripts).flatMap((line) => line.match(/[\w/.-]+\.ts\b/g) ?? [])
    expect(files.filter((path) => !existsSync(path))).toEqual([])
  })
})

describe('the tests', () => {
  it('all run', () => {
    const left = texts('test').filter(([path, text]) => {
      if (path.endsWith('package.test.ts')) return false
      return /\b(it|test|describe)(\.each)?\.(only|skip|todo|skipIf|runIf|fails)\b/.test(text)
    })
    expect(left.map(([path]) => path)).toEqual([])
  })
})

describe('the text', () => {
  it('is finished by its own words', () => {
    const unfinished = texts('src', 'examples', 'bench', 'docs').filter(([, text]) =>
      /\b(TODO|FIXME|XXX|not implemented)\b/.test(text),
    )
    expect(unfinished.map(([path]) => path)).toEqual([])
  })
})
