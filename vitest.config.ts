import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumArguments, chromiumPath } from './test/support/chromium'

const alias = { 'dexie-rest-sync': new URL('./src/index.ts', import.meta.url).pathname }
const inBrowser = ['test/**/*.browser.test.ts']
const inTabs = ['test/browser/**/*.test.ts']
const ofSimulation = ['test/simulation/promise.test.ts']

export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          // Hours of virtual time take seconds of a busy machine.
          testTimeout: 30_000,
          include: ['test/**/*.test.ts'],
          exclude: [...inBrowser, ...inTabs, ...ofSimulation],
          setupFiles: ['test/support/setup-node.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: inBrowser,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            api: { host: '127.0.0.1' },
            instances: [{ browser: 'chromium' }],
            provider: playwright({
              launchOptions: { executablePath: chromiumPath(), args: chromiumArguments },
            }),
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'tabs',
          environment: 'node',
          include: inTabs,
          exclude: inBrowser,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'simulation',
          environment: 'node',
          include: ofSimulation,
          // It takes all cores, when the others are done with them.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
