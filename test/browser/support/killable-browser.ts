import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type BrowserContext, chromium } from 'playwright'
import { chromiumArguments, chromiumPath } from '../../support/chromium'

/** A Chromium whose processes belong to the test, over one profile that outlives them. */
export class KillableBrowser {
  readonly #profile: string
  #process: ChildProcess | undefined

  private constructor(profile: string) {
    this.#profile = profile
  }

  static async create(): Promise<KillableBrowser> {
    return new KillableBrowser(await mkdtemp(join(tmpdir(), 'lab-profile-')))
  }

  /** Starts Chromium on the profile as it was left. */
  async start(): Promise<BrowserContext> {
    const process = spawn(
      chromiumPath(),
      [
        ...chromiumArguments,
        '--headless',
        '--no-default-browser-check',
        '--hide-crash-restore-bubble',
        `--user-data-dir=${this.#profile}`,
        '--remote-debugging-port=0',
        'about:blank',
      ],
      // A group of their own: they die together.
      { detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    this.#process = process
    const browser = await chromium.connectOverCDP(await addressOf(process))
    return browser.contexts()[0]!
  }

  /** SIGKILL to every process of the browser. Resolves when none of them runs any more. */
  async kill(): Promise<void> {
    const process = this.#process
    if (!process) return
    this.#process = undefined
    // Each of them holds the pipe: it closes with the last one.
    const gone = once(process, 'close')
    globalThis.process.kill(-process.pid!, 'SIGKILL')
    await gone
  }

  async remove(): Promise<void> {
    await this.kill()
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function addressOf({ stderr, exitCode }: ChildProcess): Promise<string> {
  let said = ''
  for await (const line of createInterface({ input: stderr! })) {
    const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1]
    if (address) {
      stderr!.resume()
      return address
    }
    said += `${line}\n`
  }
  throw new Error(`Chromium did not start (${exitCode}):\n${said}`)
}
