import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumArguments, chromiumPath } from './test/support/chromium'

const alias = { 'dexie-rest-sync': new URL('./src/index.ts', import.meta.url).pathname }
const inBrowser = ['test/**/*.browser.test.ts']
const inTabs = ['test/browser/**/*.test.ts']

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
          exclude: [...inBrowser, ...inTabs],
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
    ],
  },
})
