import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import ts from 'typescript'

/** One file of `src` as the architecture test sees it; `name` is the path under `src` without extension. */
export interface SourceFile {
  readonly name: string
  readonly text: string
  readonly lines: number
  readonly tree: ts.SourceFile
  readonly imports: readonly Import[]
}

export interface Import {
  /** A file of `src` by its name, or a package. */
  readonly from: string
  readonly inside: boolean
  /** Imported names; `*` where all of them are. */
  readonly names: readonly string[]
}

/** Every TypeScript file under a folder, parsed, with what it imports and re-exports, types included. */
export function readSource(root: string): SourceFile[] {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.tsx?$/.test(path),
  )
  const names = new Set(paths.map(nameOf))
  return paths.sort().map((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
    return {
      name: nameOf(path),
      text,
      tree,
      lines: text.split('\n').length - 1,
      imports: importsOf(tree, path, names),
    }
  })
}

function nameOf(path: string): string {
  return path
    .split(sep)
    .join('/')
    .replace(/\.tsx?$/, '')
}

function importsOf(tree: ts.SourceFile, path: string, names: ReadonlySet<string>): Import[] {
  const found: Import[] = []
  const add = (specifier: string, imported: readonly string[]) => {
    if (!specifier.startsWith('.')) return found.push({ from: specifier, inside: false, names: imported })
    const target = relative('.', join(path, '..', specifier))
      .split(sep)
      .join('/')
    const from = names.has(target) ? target : `${target}/index`
    return found.push({ from, inside: true, names: imported })
  }
  visit(tree, (node) => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier))
      add(node.moduleSpecifier.text, importedNames(node.importClause))
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier))
      add(node.moduleSpecifier.text, exportedNames(node))
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      node.arguments.filter(ts.isStringLiteral).forEach((argument) => {
        add(argument.text, ['*'])
      })
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      if (ts.isStringLiteral(node.argument.literal)) add(node.argument.literal.text, ['*'])
  })
  return found
}

function importedNames(clause: ts.ImportClause | undefined): string[] {
  const bindings = clause?.namedBindings
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements.map(originalName) : []
  return [...(clause?.name ? ['default'] : []), ...(bindings && !ts.isNamedImports(bindings) ? ['*'] : named)]
}

function exportedNames(node: ts.ExportDeclaration): string[] {
  return node.exportClause && ts.isNamedExports(node.exportClause)
    ? node.exportClause.elements.map(originalName)
    : ['*']
}

function originalName(element: ts.ImportSpecifier | ts.ExportSpecifier): string {
  return (element.propertyName ?? element.name).text
}

/** Calls `seen` with every node below, in order of the text. */
export function visit(node: ts.Node, seen: (node: ts.Node) => void): void {
  seen(node)
  ts.forEachChild(node, (child) => {
    visit(child, seen)
  })
}

/** `name:line` of a node, for messages. */
export function placeOf(file: SourceFile, node: ts.Node): string {
  return `${file.name}:${file.tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
}

/** Names of functions, classes and constants a file exports; types left out. */
export function exportedValues(file: SourceFile): string[] {
  return file.tree.statements.flatMap((statement) => {
    if (!ts.canHaveModifiers(statement)) return []
    if (!ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword))
      return []
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map((declaration) => declaration.name.getText())
    const isValue = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)
    return isValue && statement.name ? [statement.name.text] : []
  })
}
