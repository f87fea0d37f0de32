import { existsSync, readFileSync } from 'node:fs'
import Dexie from 'dexie'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { inertEngine } from '../src/engine/inert'
import { isSyncError } from '../src/index'
import { createSync } from '../src/sync'
import { fakeDevice } from './support/fake-environment'
import { readSource, visit } from './support/source-files'
import { titles } from './support/titles'

/** The rows of the table: what is wired, and the test that fails when it is not. */
const rows = [
  ...readFileSync('docs/options.md', 'utf8').matchAll(/^\| `([^`]+)` \| ([^|]+?) \| ([^|]+?) \|$/gm),
].map(([, name = '', file = '', test = '']) => ({ name, file: file.replaceAll('`', ''), test }))
const named = (kind: RegExp) => rows.map(({ name }) => name).filter((name) => kind.test(name))

describe('the table of options and calls', () => {
  it('names every option of the configuration, and none that is not there', () => {
    expect(
      named(/^[a-z]\w*(\.\w+)*$/i)
        .filter((name) => !name.startsWith('route.'))
        .sort(),
    ).toEqual(options('').sort())
  })

  it('names every call of the engine, and none that is not there', () => {
    expect(named(/^[\w.]+\(\)$/).sort()).toEqual(calls().sort())
  })

  it('names every event, and none that is not there', () => {
    expect(named(/^on '/).sort()).toEqual(
      events()
        .map((name) => `on '${name}'`)
        .sort(),
    )
  })

  it('points to tests that exist', () => {
    const wrong = rows.filter(
      ({ file, test }) => !existsSync(file) || !titles(file).some((title) => title.includes(test)),
    )
    expect(wrong).toEqual([])
  })
})

/** Every option, by asking for one that does not exist: the error lists those that do. */
function options(path: string): string[] {
  const known = knownUnder(path)
  if (!known) return [path]
  return known.flatMap((name) => options(path ? `${path}.${name}` : name))
}

function knownUnder(path: string): string[] | undefined {
  const config = (path ? path.split('.') : []).reduceRight<unknown>((inner, name) => ({ [name]: inner }), {
    '?': 1,
  })
  try {
    createSync(new Dexie('options'), config as never, fakeDevice().tab())
  } catch (error) {
    const told = isSyncError(error) && /known are ([^.]+)\. Fix/.exec(error.message)?.[1]
    return told ? told.split(', ') : undefined
  }
  return undefined
}

function calls(): string[] {
  const engine = inertEngine({ now: () => 0 }) as unknown as Record<string, unknown>
  return Object.keys(engine).flatMap((name) => {
    const part = engine[name]
    return typeof part === 'object' && part !== null
      ? Object.keys(part).map((one) => `${name}.${one}()`)
      : [`${name}()`]
  })
}

function events(): string[] {
  const file = readSource('src').find(({ name }) => name === 'model/event')
  const names: string[] = []
  if (file)
    visit(file.tree, (node) => {
      if (ts.isInterfaceDeclaration(node) && node.name.text === 'SyncEvents')
        names.push(...node.members.map((member) => member.name!.getText().replaceAll("'", '')))
    })
  return names
}
