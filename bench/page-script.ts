import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'

const repository = fileURLToPath(new URL('..', import.meta.url))

/** The script of the page, as an app would ship it: bundled for production. `readable` keeps the names, for profiles. */
export async function pageScript(readable: boolean): Promise<string> {
  const output = (await build({
    configFile: false,
    root: repository,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { alias: { 'dexie-rest-sync': `${repository}src/index.ts` } },
    build: {
      write: false,
      minify: !readable,
      lib: { entry: `${repository}bench/page/main.ts`, formats: ['es'], fileName: 'page' },
    },
  })) as Rolldown.RolldownOutput[]
  return output[0]!.output[0].code
}
