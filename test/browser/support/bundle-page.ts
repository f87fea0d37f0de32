import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const repository = fileURLToPath(new URL('../../..', import.meta.url))

/** The script of a page of `test/browser/pages` in one piece, with this library from its source. */
export async function bundlePage(page: string): Promise<string> {
  const root = `${repository}/test/browser/pages`
  const built = await build({
    configFile: false,
    root,
    logLevel: 'error',
    resolve: { alias: { 'dexie-rest-sync': `${repository}/src/index.ts` } },
    build: { write: false, minify: false, modulePreload: false, rollupOptions: { input: `${root}/${page}` } },
  })
  if (!('output' in built)) throw new Error(`${page}: nothing was built`)
  const scripts = built.output.filter((part) => part.type === 'chunk')
  if (scripts.length !== 1) throw new Error(`${page}: one script was expected, not ${scripts.length}`)
  return scripts[0]!.code
}
