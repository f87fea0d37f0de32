import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { exportedValues, placeOf, readSource, type SourceFile, visit } from './support/source-files'

/**
 * The stations of a change's journey and what each may stand on; a station's own files are open to each other, and of
 * `protocol` the others see the seam alone. The config may name types and rules of any station, whose defaults it holds.
 * The index and `sync` see everything.
 */
const mayImport: Record<string, readonly string[]> = {
  model: [],
  environment: ['model'],
  config: ['model'],
  'live-config': ['model', 'config'],
  transport: ['model'],
  protocol: ['model', 'transport'],
  merge: ['model'],
  storage: ['model'],
  keys: ['model', 'storage'],
  outbox: ['model', 'storage', 'keys', 'merge', 'protocol'],
  capture: ['model', 'storage', 'keys', 'outbox'],
  push: ['model', 'storage', 'keys', 'outbox', 'merge', 'protocol'],
  pull: ['model', 'storage', 'keys', 'outbox', 'merge', 'protocol'],
  check: ['model', 'storage', 'keys', 'outbox', 'merge', 'protocol'],
  tabs: ['model', 'storage', 'status', 'outbox'],
  status: ['model'],
  engine: [
    'model',
    'storage',
    'keys',
    'outbox',
    'merge',
    'protocol',
    'push',
    'pull',
    'check',
    'tabs',
    'status',
    'config',
  ],
}

/**
 * What a key is, is known everywhere, and so is how long user code may take: these stand on `model` alone, as the type
 * of the environment does.
 */
const openToAll = [
  /^environment$/,
  /^transport\/deadline$/,
  /^keys\/(key-in-row|key-text|stored-key|temporary)$/,
]

/** Entry points of their own may touch the world: they run in the page, not in the engine. */
const entryPoints = ['realtime', 'react', 'vue', 'svelte', 'service-worker', 'devtools', 'testing']

/** Rules: values in, values out. They stand on nothing but each other and never wait. */
const pureFiles = [
  /^model\//,
  /^merge\//,
  /^config(-\w+)*$/,
  /^capture\/describe$/,
  /^check\/(comparable|compare|entry-rules|refusal|row-rule|stored|texts)$/,
  /^outbox\/(coalesce|fate|select|slow-start|strangers|whose)$/,
  /^pull\/room$/,
  /^push\/(settlement|backoff)$/,
  /^engine\/standing$/,
  /^keys\/(key-in-row|key-text|stored-key|temporary)$/,
  /^status\/(reduce|freshness|tally|metrics|health|health-texts)$/,
  /^storage\/reopen$/,
  /^pull\/mass-sweep$/,
  /^engine\/why$/,
  /^transport\/(classify|retry-after|server-message)$/,
]

const files = readSource('src')
const byName = new Map(files.map((file) => [file.name, file]))
const station = (name: string) =>
  name
    .split('/')[0]
    ?.replace(/^environment-.*|.*-environment$/, 'environment')
    .replace(/^config-.*/, 'config') ?? name
const isPure = (name: string) => pureFiles.some((pattern) => pattern.test(name))
const insideImports = (file: SourceFile) => file.imports.filter((one) => one.inside).map((one) => one.from)

/** Everything a condition finds wrong in any file, as `file:line what`. */
function findAll(judge: (node: ts.Node, file: SourceFile) => string | undefined, among = files): string[] {
  const found: string[] = []
  for (const file of among)
    visit(file.tree, (node) => {
      const complaint = judge(node, file)
      if (complaint) found.push(`${placeOf(file, node)} ${complaint}`)
    })
  return found
}

describe('the stations', () => {
  it('import only what lies below them', () => {
    const wrong = files.flatMap((file) =>
      insideImports(file)
        .filter((target) => !allowed(file.name, target))
        .map((target) => `${file.name} -> ${target}`),
    )
    expect(wrong).toEqual([])
  })

  it('are all known', () => {
    const known = [...Object.keys(mayImport), ...entryPoints, 'index', 'sync']
    expect(
      [...new Set(files.map((file) => station(file.name)))].filter((name) => !known.includes(name)),
    ).toEqual([])
  })

  it('import nothing in a circle, types included', () => {
    expect(circles()).toEqual([])
  })

  it('have names that say what they are about', () => {
    const vague = /(^|[/-])(utils?|helpers?|core|common|manager|processor|misc)([/-]|$)/
    expect(files.map((file) => file.name).filter((name) => vague.test(name))).toEqual([])
  })
})

describe('the files', () => {
  it('are short', () => {
    const long = files.filter((file) => file.lines > 300).map((file) => `${file.name}: ${file.lines}`)
    expect(long).toEqual([])
    const sorted = files.map((file) => file.lines).sort((a, b) => a - b)
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(100)
  })

  it('are named in kebab-case', () => {
    expect(
      files.map((file) => file.name).filter((name) => !/^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(name)),
    ).toEqual([])
  })

  it('are all reached from the public names', () => {
    const starts = ['index', ...entryPoints.flatMap((name) => [name, `${name}/index`])]
    const reached = reach(starts.filter((name) => byName.has(name)))
    expect(files.map((file) => file.name).filter((name) => !reached.has(name))).toEqual([])
  })

  it('export nothing that nobody uses', () => {
    const imported = new Set(
      files.flatMap((file) => file.imports.flatMap((one) => one.names.map((name) => `${one.from} ${name}`))),
    )
    const usedAtHome = (file: SourceFile, name: string) =>
      file.text.split(new RegExp(`\\b${name}\\b`)).length > 2
    const unused = files
      .filter((file) => ![...entryPoints, 'index'].includes(station(file.name)))
      .filter((file) => !imported.has(`${file.name} *`))
      .flatMap((file) =>
        exportedValues(file)
          .filter((name) => !imported.has(`${file.name} ${name}`) && !usedAtHome(file, name))
          .map((name) => `${file.name} ${name}`),
      )
    expect(unused).toEqual([])
  })

  it('hold no any', () => {
    expect(findAll((node) => (node.kind === ts.SyntaxKind.AnyKeyword ? 'any' : undefined))).toEqual([])
  })

  it('leave no error without a word', () => {
    const silent = findAll((node) => {
      if (!ts.isCatchClause(node) || node.block.statements.length > 0) return undefined
      return /\/\/|\/\*/.test(node.block.getFullText()) ? undefined : 'an error is dropped without saying why'
    })
    expect(silent).toEqual([])
  })

  it('of the index are a list of exports', () => {
    const index = byName.get('index')
    expect(index).toBeDefined()
    const others = index?.tree.statements.filter(
      (one) => !ts.isExportDeclaration(one) || !one.moduleSpecifier,
    )
    expect(others?.map((one) => one.getText())).toEqual([])
  })
})

describe('the rules', () => {
  const pure = files.filter((file) => isPure(file.name))

  it('are files that exist', () => {
    expect(pureFiles.filter((pattern) => !files.some((file) => pattern.test(file.name)))).toEqual([])
  })

  it('stand only on rules', () => {
    const wrong = pure.flatMap((file) =>
      file.imports
        .filter((one) => !one.inside || (!isPure(one.from) && !onlyTypes(file.name, one.from)))
        .map((one) => `${file.name} -> ${one.from}`),
    )
    expect(wrong).toEqual([])
  })

  it('never wait', () => {
    const waits = (node: ts.Node) =>
      node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node) ? 'waits' : undefined
    expect(findAll(waits, pure)).toEqual([])
  })
})

describe('the world', () => {
  const globals = new Set(
    (
      'window document navigator console localStorage sessionStorage performance crypto fetch setTimeout clearTimeout ' +
      'setInterval clearInterval setImmediate queueMicrotask requestIdleCallback BroadcastChannel indexedDB process'
    ).split(' '),
  )
  const engine = files.filter((file) => ![...entryPoints, 'environment'].includes(station(file.name)))

  it('is touched only by the environment', () => {
    const touches = findAll((node) => {
      if (ts.isIdentifier(node) && globals.has(node.text) && isFree(node)) return node.text
      if (
        ts.isPropertyAccessExpression(node) &&
        /^(Date\.now|Math\.random|globalThis\.\w+)$/.test(node.getText())
      )
        return node.getText()
      if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length)
        return 'new Date()'
      return undefined
    }, engine)
    expect(touches).toEqual([])
  })
})

function allowed(from: string, target: string): boolean {
  const [here, there] = [station(from), station(target)]
  if (here === 'index' || here === 'sync' || here === there) return !sibling(from, target)
  if (here === 'model') return false
  if (there === 'model' || openToAll.some((pattern) => pattern.test(target))) return true
  if (entryPoints.includes(here)) return ['status', 'index', 'sync', 'transport'].includes(there)
  if (here === 'config' && (isPure(target) || onlyTypes(from, target))) return true
  return (mayImport[here] ?? []).includes(there) && !(there === 'protocol' && target !== 'protocol/protocol')
}

/** Protocols do not know each other: `protocol/rest/...` never imports `protocol/watermelon/...`. */
function sibling(from: string, target: string): boolean {
  const [here, there] = [from.split('/'), target.split('/')]
  return here[0] === 'protocol' && there[0] === 'protocol' && there.length > 2 && here[1] !== there[1]
}

/** True where only types are imported: they are gone when the code runs. */
function onlyTypes(name: string, from: string): boolean {
  const target = byName.get(from)
  const values = new Set(target ? exportedValues(target) : [])
  return (byName.get(name)?.imports ?? [])
    .filter((one) => one.from === from)
    .every((one) => one.names.every((name) => !values.has(name)))
}

function reach(starts: readonly string[]): Set<string> {
  const reached = new Set<string>()
  const waiting = [...starts]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    const file = byName.get(name)
    if (file) waiting.push(...insideImports(file))
  }
  return reached
}

function circles(): string[] {
  const done = new Set<string>()
  const found: string[] = []
  const walk = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) {
      found.push([...path.slice(path.indexOf(name)), name].join(' -> '))
      return
    }
    if (done.has(name)) return
    const file = byName.get(name)
    if (file) for (const target of insideImports(file)) walk(target, [...path, name])
    done.add(name)
  }
  for (const file of files) walk(file.name, [])
  return found
}

/** True for a name that stands for a global: no property, no declaration, no key, nothing the file declares itself. */
function isFree(node: ts.Identifier): boolean {
  const parent = node.parent
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isTypeNode(parent) || ts.isTypeElement(parent) || ts.isClassElement(parent)) return false
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isBindingElement(parent)) return false
  if (ts.isImportSpecifier(parent) || ts.isJSDoc(parent) || ts.isQualifiedName(parent)) return false
  return !declaredInFile(node)
}

function declaredInFile(node: ts.Identifier): boolean {
  let declared = false
  visit(node.getSourceFile(), (one) => {
    const names = ts.isParameter(one) || ts.isVariableDeclaration(one) || ts.isBindingElement(one)
    if ((names || ts.isFunctionDeclaration(one)) && one.name?.getText() === node.text) declared = true
  })
  return declared
}
