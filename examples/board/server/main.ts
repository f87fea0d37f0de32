import { fileURLToPath } from 'node:url'
import { type Board, startBoard } from './board'
import type { Place } from './database'

/**
 * `npm run demo`. From the environment:
 *
 * - `PORT`: default a free one from 5173
 * - `DATABASE_URL`: a PostgreSQL to use; otherwise PGlite in
 * - `BOARD_DATA`: a folder, or `memory`; default `.data/board`
 * - `BOARD_SEED=0`: begin with an empty board
 * - `DEMO_TEST_HOOKS=1`: let tests stop requests half way
 */
const { PORT, DATABASE_URL, BOARD_DATA, BOARD_SEED, DEMO_TEST_HOOKS } = process.env

function place(): Place {
  if (DATABASE_URL) return { kind: 'server', url: DATABASE_URL }
  if (BOARD_DATA === 'memory') return { kind: 'memory' }
  const path = BOARD_DATA ?? fileURLToPath(new URL('../../../.data/board', import.meta.url))
  return { kind: 'folder', path }
}

const starting = startBoard({
  place: place(),
  seed: BOARD_SEED !== '0',
  testHooks: DEMO_TEST_HOOKS === '1',
  watch: true,
  ...(PORT ? { port: Number(PORT) } : {}),
})

let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second one is a person who will not wait. A database in a folder survives that.
    if (stopping) process.exit(130)
    stopping = true
    void stop(starting)
  })
}

try {
  const { url, describes } = await starting
  if (!stopping) {
    console.log(`\n  Team board   ${url}`)
    console.log(`  Rows         ${describes}`)
    console.log('  Stop         Ctrl+C\n')
  }
} catch (error) {
  console.error(`\n  The board could not start: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}

async function stop(board: Promise<Board>): Promise<void> {
  try {
    await (await board).close()
    console.log('  Stopped.')
    process.exit(0)
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
}
