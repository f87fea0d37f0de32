import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { createServer, type ViteDevServer } from 'vite'

const repository = fileURLToPath(new URL('../../../', import.meta.url))

/**
 * Serves the page straight from its sources, and the library from `src`: nothing to build first.
 * @param watch edits show at once; tests do without, so that nothing reloads under them.
 */
export function createPage(server: Server, watch: boolean): Promise<ViteDevServer> {
  return createServer({
    configFile: false,
    root: fileURLToPath(new URL('../page/', import.meta.url)),
    appType: 'mpa',
    cacheDir: `${repository}.vite/board`,
    clearScreen: false,
    logLevel: 'warn',
    plugins: [react()],
    resolve: { alias: { 'dexie-rest-sync': `${repository}src/index.ts` } },
    // Everything is named here, so that no dependency is found late and reloads the page in the middle of something.
    optimizeDeps: {
      noDiscovery: true,
      include: [
        'broadcast-channel',
        'dexie',
        'dexie-react-hooks',
        'ky',
        'p-retry',
        'react',
        'react/jsx-dev-runtime',
        'react/jsx-runtime',
        'react-dom',
        'react-dom/client',
      ],
    },
    server: {
      middlewareMode: true,
      fs: { allow: [repository] },
      ...(watch ? { hmr: { server } } : { hmr: false, ws: false, watch: null }),
    },
  })
}
