import type { Environment } from '../../src/environment'

type Answering = (request: Request) => Response | Promise<Response>

/** A world whose time passes only when told, and whose server is a function. */
export interface FakeWorld extends Pick<Environment, 'fetch' | 'timer' | 'now' | 'monotonic' | 'random'> {
  /** What was asked, in order: copies that can still be read. */
  readonly requests: Request[]
  answer(answering: Answering): void
  /** Lets `ms` pass, running every timer that is due, in order. */
  pass(ms: number): Promise<void>
  /** Timers that have not run. */
  timers(): number
}

export function fakeWorld(answering: Answering = () => json({})): FakeWorld {
  let now = Date.UTC(2024, 0, 1)
  let respond = answering
  const timers = new Set<{ at: number; task(): void }>()
  const requests: Request[] = []

  return {
    requests,
    answer(next) {
      respond = next
    },
    async fetch(request) {
      requests.push(request.clone())
      return respond(request)
    },
    now: () => now,
    monotonic: () => now,
    random: () => 0,
    timer(task, ms) {
      const timer = { at: now + ms, task }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    timers: () => timers.size,
    async pass(ms) {
      const end = now + ms
      await settle()
      for (;;) {
        const next = [...timers].sort((a, b) => a.at - b.at).find(({ at }) => at <= end)
        if (!next) break
        timers.delete(next)
        now = Math.max(now, next.at)
        next.task()
        await settle()
      }
      now = end
    },
  }
}

/** Lets everything that waits for nothing but promises happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  })
}

export function html(status = 200): Response {
  return new Response('<!doctype html><p>Please log in', { status, headers: { 'content-type': 'text/html' } })
}

export const never = new AbortController().signal
