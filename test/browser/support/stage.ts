import type { Browser } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { type LabServer, startLabServer } from './lab-server'
import { launch, Tabs } from './tabs'

/** A server and a browser for all tests of a file, and a new device for each of them. */
export interface Stage {
  readonly server: LabServer
  readonly browser: Browser
  readonly tabs: Tabs
}

export function stage(options: Parameters<typeof launch>[0] = {}): Stage {
  let server: LabServer
  let browser: Browser
  let tabs: Tabs
  beforeAll(async () => {
    ;[server, browser] = await Promise.all([startLabServer(), launch(options)])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })
  beforeEach(async () => {
    tabs = await Tabs.create(server, browser)
  })
  afterEach(async () => {
    server.inTheWay = undefined
    server.holds.release()
    await tabs?.close()
  })
  return {
    get server() {
      return server
    },
    get browser() {
      return browser
    },
    get tabs() {
      return tabs
    },
  }
}
