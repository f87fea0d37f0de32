import type { BenchRow } from './rows'

/** One exchange, with its answer read. */
export async function send(method: string, url: string, body?: unknown): Promise<unknown> {
  const init =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(url, { method, ...init })
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status}`)
  return response.status === 204 ? undefined : response.json()
}

/** Creates every row by a request of its own, `concurrency` at once: what a drain costs without any bookkeeping. */
export async function createAll(
  rows: readonly BenchRow[],
  concurrency: number,
  method: 'POST' | 'PUT' = 'POST',
): Promise<void> {
  const waiting = rows.values()
  const lane = async () => {
    for (const row of waiting) await send(method, '/api/rows', row)
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
}

/** Resolves when `count` more requests with this method were answered. */
export function answered(method: string, count: number): Promise<void> {
  const original = globalThis.fetch
  let left = count
  return new Promise((resolve) => {
    globalThis.fetch = async (input, init) => {
      const response = await original(input, init)
      const sent = input instanceof Request ? input.method : (init?.method ?? 'GET')
      if (sent === method && --left === 0) {
        globalThis.fetch = original
        resolve()
      }
      return response
    }
  })
}

/** Throws unless both are the same: a workload that did something else measures something else. */
export function expectSame(what: string, found: unknown, wanted: unknown): void {
  if (found !== wanted) throw new Error(`${what}: ${String(found)} instead of ${String(wanted)}`)
}
