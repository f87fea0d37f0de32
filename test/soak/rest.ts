import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Device } from './device'
import type { Rows } from './judge'

/** How long everything may take to come to rest, s. */
const patience = 90

/** Waits until nothing waits on any device, and every tab sees the rows of the server. Answers the s it took. */
export async function comeToRest(board: string, devices: readonly Device[]): Promise<number> {
  const began = Date.now()
  let reason = ''
  while (Date.now() < began + patience * 1_000) {
    const reasons: string[] = []
    for (const device of devices) {
      const unrest = await device.unrest()
      if (unrest) reasons.push(`${device.name}: ${unrest}`)
    }
    if (reasons.length === 0) reasons.push(...(await differences(board, devices)))
    if (reasons.length === 0) return (Date.now() - began) / 1_000
    reason = reasons.join('; ')
    await sleep(200)
  }
  throw new Error(`Not at rest after ${patience} s: ${reason}`)
}

async function differences(board: string, devices: readonly Device[]): Promise<string[]> {
  const server = await rowsAt(board)
  const wrong: string[] = []
  for (const device of devices)
    for (const [tab, rows] of (await device.rows()).entries())
      for (const table of ['cards', 'people'] as const)
        if (!isDeepStrictEqual(byId(rows[table]), byId(server[table])))
          wrong.push(`tab ${tab + 1} of ${device.name} sees other ${table} than the server has`)
  return wrong
}

/** The rows the server has and has not deleted. */
export async function rowsAt(url: string): Promise<Rows> {
  const list = async (table: string) => {
    const answer = await fetch(`${url}/api/${table}?limit=10000`)
    const { data } = (await answer.json()) as { data: Record<string, unknown>[] }
    return data.filter(({ deleted_at }) => deleted_at === undefined)
  }
  return { cards: await list('cards'), people: await list('people') }
}

function byId(rows: Rows['cards']): Map<unknown, unknown> {
  return new Map(rows.map((row) => [row.id, row]))
}
