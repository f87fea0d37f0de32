import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'

const repository = fileURLToPath(new URL('../../..', import.meta.url))

/** A build of a later release, whose log records have a format this one does not know. */
const nextFormat: Plugin = {
  name: 'next-format',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/src/model/change.ts')) return undefined
    const next = code.replace('export const logFormat = 1', 'export const logFormat = 2')
    if (next === code) throw new Error('the format of log records was not found')
    return next
  },
}

/**
 * The script of a page of `test/browser/pages` in one piece, with this library from its source; `next`: as a later
 * release of it.
 */
export async function bundlePage(page: string, next = false): Promise<string> {
  const root = `${repository}/test/browser/pages`
  const built = await build({
    configFile: false,
    root,
    logLevel: 'error',
    plugins: next ? [nextFormat] : [],
    resolve: { alias: { 'dexie-rest-sync': `${repository}/src/index.ts` } },
    build: { write: false, minify: false, modulePreload: false, rollupOptions: { input: `${root}/${page}` } },
  })
  if (!('output' in built)) throw new Error(`${page}: nothing was built`)
  const scripts = built.output.filter((part) => part.type === 'chunk')
  if (scripts.length !== 1) throw new Error(`${page}: one script was expected, not ${scripts.length}`)
  return scripts[0]!.code
}
