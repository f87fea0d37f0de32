import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { bugs } from '.'
import { patchesOf } from './bug'
import { plantPatches } from './plugin'

/** Any test of the node project, with the bug in that `BUG` names. */
const bug = bugs.find(({ name }) => name === process.env.BUG)
if (!bug) throw new Error(`BUG names none: ${process.env.BUG}`)

const root = fileURLToPath(new URL('../../..', import.meta.url))

export default defineConfig({
  root,
  plugins: [plantPatches(() => patchesOf(bug))],
  resolve: { alias: { 'dexie-rest-sync': `${root}src/index.ts` } },
  test: {
    environment: 'node',
    testTimeout: 30_000,
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.browser.test.ts', 'test/browser/**'],
    setupFiles: ['test/support/setup-node.ts'],
  },
})
