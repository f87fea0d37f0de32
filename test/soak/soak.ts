import { chromium } from 'playwright'
import { startBoard } from '../../examples/board/server/board'
import { bundlePage } from '../browser/support/bundle-page'
import { prng } from '../simulation/prng'
import { chromiumArguments, chromiumPath } from '../support/chromium'
import { Device } from './device'
import { drawFault } from './faults'
import { judge } from './judge'
import { judgeVitals } from './judge-vitals'
import { Ledger } from './ledger'
import { startProxy } from './proxy'
import { rowsAt } from './rest'
import { playRound, type Round, type Run } from './round'
import { Witness } from './witness'

export interface SoakOptions {
  readonly seed: number
  /** Spells of work under faults, each followed by a rest in which everything is measured. */
  readonly rounds: number
  /** s of one. */
  readonly roundLength: number
  /** The round whose vitals the last is compared to, from 0. */
  readonly baseline: number
  /** Hears of each round as it ends. */
  report?(round: Round): void
}

export interface SoakReport {
  readonly rounds: readonly Round[]
  readonly conflicts: number
  readonly deadLetters: number
  /** What went to `errors.onError`, by code. */
  readonly errors: ReadonlyMap<string, number>
  readonly rows: number
  /** What is wrong; empty = nothing. */
  readonly failures: readonly string[]
}

/** Without machine code, which grows for minutes while a page warms up and counts as heap. */
const args = [...chromiumArguments, '--js-flags=--jitless']

export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const { seed, rounds, baseline } = options
  const endings: (() => Promise<unknown>)[] = []
  try {
    const [witness, ledger] = [new Witness(), new Ledger()]
    const complaints: string[] = []
    const board = await startBoard({ port: 0, page: false, seed: false })
    endings.push(board.close)
    const proxy = await startProxy({
      upstream: board.url,
      script: await bundlePage('soak.html'),
      chance: prng(seed, 'faults'),
      draw: drawFault,
      seen: (exchange) => witness.see(exchange),
    })
    endings.push(proxy.close)
    const browser = await chromium.launch({ executablePath: chromiumPath(), args })
    endings.push(() => browser.close())
    const open = (name: string) =>
      Device.create(browser, {
        name,
        url: proxy.url,
        seed,
        pace: 300,
        hear: (told) => ledger.hear(name, told),
        complain: (text) => complaints.push(text),
      })
    const run: Run = { proxy, ledger, complaints, chance: prng(seed, 'kills'), board: board.url, devices: [] }
    for (const name of ['A', 'B']) run.devices.push(await open(name))
    await run.devices[0]!.resident.evaluate(() => window.soak.fill())

    const done: Round[] = []
    for (let number = 0; number < rounds; number += 1) {
      const round = await playRound(run, options.roundLength)
      options.report?.(round)
      done.push(round)
    }
    const rows = await rowsAt(board.url)
    const failures = [
      ...judge(ledger, witness, rows),
      ...judgeVitals(
        done.map(({ vitals }) => vitals),
        baseline,
      ),
      ...ledger.thrown.map((text) => `a write threw: ${text}`),
      ...complaints.map((text) => `nobody has caught ${text}`),
    ]
    const [conflicts, deadLetters] = [ledger.count('conflict'), ledger.count('dead-letter')]
    const count = rows.cards.length + rows.people.length
    return { rounds: done, conflicts, deadLetters, errors: ledger.errors, rows: count, failures }
  } finally {
    for (const end of endings.reverse()) await end()
  }
}
