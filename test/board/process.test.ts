import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'

const main = fileURLToPath(new URL('../../examples/board/server/main.ts', import.meta.url))

let folder: string
let running: ChildProcess | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'board-'))
})
afterEach(() => {
  running?.kill('SIGKILL')
})
afterAll(() => rm(folder, { recursive: true }))

/** Starts the demo as a person would, and resolves with the address it prints. */
async function start(): Promise<string> {
  const { DATABASE_URL: _, ...env } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    env: { ...env, PORT: '0', BOARD_DATA: join(folder, 'rows') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running = child
  let said = ''
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk
      const address = /http:\/\/\S+/.exec(said)?.[0]
      if (address) resolve(address)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', () => reject(new Error(`ended before it listened: ${said}`)))
  })
}

async function stop(signal: NodeJS.Signals): Promise<number | null> {
  const ended = once(running!, 'exit')
  running!.kill(signal)
  return (await ended)[0]
}

const lockIsThere = () =>
  access(join(folder, 'rows.lock')).then(
    () => true,
    () => false,
  )

it.each(['SIGINT', 'SIGTERM'] as const)(
  'serves page and rows, and ends cleanly on %s',
  async (signal) => {
    const url = await start()
    expect(await (await fetch(url)).text()).toContain('<title>Team board')
    expect(((await (await fetch(`${url}/a/api/cards`)).json()) as { data: unknown[] }).data).toHaveLength(7)
    expect(await lockIsThere()).toBe(true)
    expect(await stop(signal)).toBe(0)
    expect(await lockIsThere()).toBe(false)
  },
  60_000,
)

it('starts again after it was killed, with every row', async () => {
  await start()
  await stop('SIGKILL')
  expect(await lockIsThere()).toBe(true)
  const url = await start()
  expect(((await (await fetch(`${url}/api/cards`)).json()) as { data: unknown[] }).data).toHaveLength(7)
  expect(await stop('SIGTERM')).toBe(0)
}, 60_000)
