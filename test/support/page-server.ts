import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createServer, type Plugin } from 'vite'

const repository = fileURLToPath(new URL('../..', import.meta.url))

/** A path that answers with a file to save: a link to it makes a page hear beforeunload, and stay. */
const download: Plugin = {
  name: 'download',
  configureServer({ middlewares }) {
    middlewares.use('/download', (_, response) => {
      response.setHeader('Content-Disposition', 'attachment; filename="rows.txt"')
      response.end('rows')
    })
  },
}

/** Serves `test/browser/pages`, with this library from its source. */
export async function servePages(): Promise<{ url: string; close(): Promise<void> }> {
  const server = await createServer({
    configFile: false,
    root: `${repository}/test/browser/pages`,
    // Its own, and everything in it from the start: a page that reloads for a new dependency would be no crash test.
    cacheDir: `${repository}/node_modules/.vite-pages`,
    optimizeDeps: { include: ['dexie', 'broadcast-channel', 'ky', 'p-retry'], noDiscovery: true },
    resolve: { alias: { 'dexie-rest-sync': `${repository}/src/index.ts` } },
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null, fs: { allow: [repository] } },
    logLevel: 'error',
    plugins: [download],
  })
  await server.listen()
  const { port } = server.httpServer!.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}
