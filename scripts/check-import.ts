import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * Unpacks what would be published, loads it as an app does, as a module and by `require`, and compares what it exports.
 * Loading alone must do nothing: no global added or replaced, no timer, request or listener, and the process ends.
 */
const probe = (load: string) => `
for (const key of Reflect.ownKeys(globalThis)) void globalThis[key] // some of Node's own come into being when touched
const before = new Map(Reflect.ownKeys(globalThis).map((key) => [key, Object.getOwnPropertyDescriptor(globalThis, key)]))
const spied = ['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'BroadcastChannel', 'addEventListener']
const calls = []
const originals = Object.fromEntries(spied.map((name) => [name, globalThis[name]]))
for (const name of spied) globalThis[name] = function () { calls.push(name); return originals[name]?.apply(this, arguments) }
const listeners = process.eventNames().map((name) => [name, process.listenerCount(name)]).join()
const loaded = ${load}
if (process.eventNames().map((name) => [name, process.listenerCount(name)]).join() !== listeners) calls.push('process.on')
for (const name of spied) before.has(name) ? (globalThis[name] = originals[name]) : delete globalThis[name]
const changed = Reflect.ownKeys(globalThis).filter((key) => {
  const [was, is] = [before.get(key), Object.getOwnPropertyDescriptor(globalThis, key)]
  return !was || !Object.is(was.value, is.value) || was.get !== is.get
}).map(String)
console.log(JSON.stringify({ names: Object.keys(loaded).filter((name) => name !== 'default').sort(), changed, calls }))
`

interface Loaded {
  readonly names: readonly string[]
  readonly changed: readonly string[]
  readonly calls: readonly string[]
}

const folder = mkdtempSync(join(tmpdir(), 'package-'))
try {
  unpack()
  // Dexie is the app's own and sets a global mark, so it is there before we look.
  const asModule = load('module.mjs', `import 'dexie'\n${probe("await import('dexie-rest-sync')")}`)
  const byRequire = load('require.cjs', `require('dexie')\n${probe("require('dexie-rest-sync')")}`)
  const source = Object.keys(await import('../src/index')).sort()
  same('exports of the module', asModule.names, source)
  same('exports by require', byRequire.names, source)
  for (const [way, { changed, calls }] of Object.entries({ import: asModule, require: byRequire })) {
    // Babel's runtime, which broadcast-channel is compiled with, leaves its name behind.
    same(
      `globals changed by ${way}`,
      changed.filter((name) => name !== 'regeneratorRuntime'),
      [],
    )
    same(`calls made by ${way}`, calls, [])
  }
  console.log(`The package loads as a module and by require, and does nothing else: ${source.join(', ')}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** The packed package beside the dependencies that are installed here, as an app would have them. */
function unpack(): void {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder])
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (!tarball) throw new Error('npm pack made no tarball')
  const modules = join(folder, 'node_modules')
  const target = join(modules, 'dexie-rest-sync')
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', target, '--strip-components=1'])
  for (const name of readdirSync('node_modules').filter((one) => !one.startsWith('.')))
    symlinkSync(resolve('node_modules', name), join(modules, name))
}

function load(file: string, code: string): Loaded {
  writeFileSync(join(folder, file), code)
  const answer = execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8', timeout: 20_000 })
  return JSON.parse(answer) as Loaded
}

function same(what: string, found: readonly string[], wanted: readonly string[]): void {
  if (found.join() !== wanted.join())
    throw new Error(`${what}: found [${found.join(', ')}], wanted [${wanted.join(', ')}]`)
}
