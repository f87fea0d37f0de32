import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { chromiumArguments, chromiumPath } from '../test/support/chromium'

interface Message {
  readonly id?: number
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

const arguments_ = [
  ...chromiumArguments,
  '--headless=new',
  '--remote-debugging-pipe',
  '--no-default-browser-check',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-features=Translate,OptimizationHints,MediaRouter',
]

/**
 * A browser with a fresh profile on disk, spoken to over a pipe. Automation tools watch the network of every page,
 * which doubles the cost of each request and so hides what we add to it; this one watches nothing.
 */
export class Chromium {
  readonly #process: ChildProcess
  readonly #profile: string
  readonly #calls = new Map<number, (message: Message) => void>()
  #count = 0
  #session: string | undefined

  private constructor(process: ChildProcess, profile: string) {
    this.#process = process
    this.#profile = profile
    let text = ''
    const pipe = process.stdio[4] as Readable
    pipe.setEncoding('utf8').on('data', (piece: string) => {
      const messages = (text + piece).split('\0')
      text = messages.pop() ?? ''
      for (const message of messages) this.#hear(JSON.parse(message) as Message)
    })
  }

  /** Starts the browser and opens `url` in its only tab. */
  static async open(url: string): Promise<Chromium> {
    const profile = await mkdtemp(join(tmpdir(), 'bench-profile-'))
    const process = spawn(chromiumPath(), [...arguments_, `--user-data-dir=${profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    })
    const chromium = new Chromium(process, profile)
    const { targetInfos } = await chromium.call<{ targetInfos: { targetId: string; type: string }[] }>(
      'Target.getTargets',
    )
    const page = targetInfos.find(({ type }) => type === 'page') ?? {
      targetId: (await chromium.call<{ targetId: string }>('Target.createTarget', { url: 'about:blank' }))
        .targetId,
    }
    const { sessionId } = await chromium.call<{ sessionId: string }>('Target.attachToTarget', {
      targetId: page.targetId,
      flatten: true,
    })
    chromium.#session = sessionId
    await chromium.tab('Page.enable')
    await chromium.tab('Page.navigate', { url })
    return chromium
  }

  /** A command to the browser itself. */
  call<T>(method: string, params: object = {}): Promise<T> {
    return this.#send({ method, params })
  }

  /** A command to the tab. */
  tab<T>(method: string, params: object = {}): Promise<T> {
    return this.#send({ method, params, sessionId: this.#session })
  }

  /** Evaluates in the tab, and waits for what it promises. */
  async evaluate<T>(expression: string): Promise<T> {
    const request = { expression, awaitPromise: true, returnByValue: true }
    const { result, exceptionDetails } = await this.tab<{
      result: { value: T }
      exceptionDetails?: { text: string; exception?: { description?: string } }
    }>('Runtime.evaluate', request)
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value
  }

  /** Seconds of CPU that all processes of the browser have used. */
  async cpu(): Promise<number> {
    const { processInfo } = await this.call<{ processInfo: { cpuTime: number }[] }>(
      'SystemInfo.getProcessInfo',
    )
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('exit', resolve))
    void this.call('Browser.close').catch(() => {}) // it may be gone before it answers
    await gone
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }

  #send<T>(message: object): Promise<T> {
    const id = ++this.#count
    ;(this.#process.stdio[3] as Writable).write(`${JSON.stringify({ id, ...message })}\0`)
    return new Promise((resolve, reject) => {
      this.#calls.set(id, ({ result, error }) =>
        error ? reject(new Error(error.message)) : resolve(result as T),
      )
    })
  }

  #hear({ id, ...rest }: Message): void {
    if (id === undefined) return
    this.#calls.get(id)?.(rest)
    this.#calls.delete(id)
  }
}
