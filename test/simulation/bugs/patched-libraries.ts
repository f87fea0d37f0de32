import { fileURLToPath } from 'node:url'
import { createServer, createServerModuleRunner } from 'vite'
import type { StartEngine } from '../world'
import type { Patch } from './bug'
import { plantPatches } from './plugin'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/**
 * Loads the library once for each set of patches, by place. Only `src` goes through Vite: Dexie stays one for all, and so
 * does the simulation. Nothing of Vite lives on: the simulation takes over the timers of the process.
 */
export async function patchedLibraries(sets: readonly (readonly Patch[])[]): Promise<StartEngine[]> {
  let current: readonly Patch[] = []
  const server = await createServer({
    root,
    configFile: false,
    appType: 'custom',
    logLevel: 'error',
    plugins: [plantPatches(() => current)],
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, ws: false, hmr: false, watch: null },
  })
  const { ssr } = server.environments
  const forget = () => {
    for (const { file } of current)
      for (const module of ssr.moduleGraph.getModulesByFile(`${root}${file}`) ?? [])
        ssr.moduleGraph.invalidateModule(module)
  }
  const loaded: StartEngine[] = []
  try {
    for (const patches of sets) {
      current = patches
      forget()
      const runner = createServerModuleRunner(ssr, { hmr: false })
      const { startLibrary } = await runner.import('/test/simulation/library.ts')
      loaded.push(startLibrary)
      await runner.close()
      forget()
    }
  } finally {
    await server.close()
  }
  return loaded
}
