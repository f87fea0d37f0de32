import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { visit } from './source-files'

/** The texts of a test file, among them the titles of its tests. */
export function titles(file: string): string[] {
  const found: string[] = []
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true), (node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      found.push(node.text)
  })
  return found
}
