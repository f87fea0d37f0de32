import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** The TypeScript examples of the README, in order. */
export function readmeBlocks(): string[] {
  return [...readFileSync('README.md', 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(
    (block) => block[1] ?? '',
  )
}

/** All examples as one module: the first as it stands, each later one in a function after it. */
export function asOneModule(blocks: readonly string[]): string {
  const [first = '', ...later] = blocks
  return [
    first,
    ...later.map((block, i) => `export async function example${i + 2}() {\n${withoutImports(block)}\n}`),
  ].join('\n')
}

/** An example without its imports and types, ready to run. */
export function asScript(block: string): string {
  return ts.transpile(withoutImports(block), { target: ts.ScriptTarget.ES2022, removeComments: true })
}

function withoutImports(block: string): string {
  return block.replace(/^import .*\n/gm, '')
}

/** What the compiler has to say against a module that stands in the test folder. */
export function typeErrors(code: string): string[] {
  const name = 'test/readme-examples.ts'
  const config = ts.getParsedCommandLineOfConfigFile(
    'tsconfig.test.json',
    { noEmit: true },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  )
  const options = config?.options ?? {}
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (path) => path.endsWith(name) || fileExists.call(host, path)
  host.getSourceFile = (path, ...rest) =>
    path.endsWith(name)
      ? ts.createSourceFile(path, code, ts.ScriptTarget.ES2022, true)
      : getSourceFile.call(host, path, ...rest)
  const program = ts.createProgram([name], options, host)
  const source = program.getSourceFile(name)
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ messageText, start = 0 }) =>
      `line ${code.slice(0, start).split('\n').length}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
  )
}
