import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

interface Packed {
  readonly files: readonly { readonly path: string }[]
}

it('S26 what is published is what is built, and nothing else of this repository', () => {
  const answer = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
  })
  const [packed] = JSON.parse(answer) as [Packed]
  const paths = packed.files.map(({ path }) => path)
  expect(paths).toContain('package.json')
  expect(
    paths.filter(
      (path) =>
        !/^(?:package\.json|README\.md|LICENSE(?:\.md)?|dist\/[\w-]+\.(?:js|cjs|d\.ts|d\.cts)(?:\.map)?)$/.test(
          path,
        ),
    ),
  ).toEqual([])
})

it('S26 installing it runs no script, and its dependencies are three of one version each', () => {
  const { scripts, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly scripts: Record<string, string>
    readonly dependencies: Record<string, string>
  }
  const onInstall = ['preinstall', 'install', 'postinstall', 'prepare']
  expect(Object.keys(scripts).filter((name) => onInstall.includes(name))).toEqual([])
  expect(Object.keys(dependencies).sort()).toEqual(['broadcast-channel', 'ky', 'p-retry'])
  expect(Object.values(dependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
})
