import { badRequest, Problem } from './problem'

/** Where a write can be stopped: before its transaction, or after the commit and before the answer. */
export type HoldPoint = 'received' | 'committed'

/** Lets a test stop requests at a point, to kill a client or this server exactly there. */
export class Holds {
  private readonly wanted: Record<HoldPoint, number> = { received: 0, committed: 0 }
  private readonly waiting: Record<HoldPoint, { go(): void; drop(reason: unknown): void }[]> = {
    received: [],
    committed: [],
  }

  /** The next `count` writes stop at `point`. */
  hold({ point, count = 1 }: { point?: unknown; count?: unknown }): void {
    if (point !== 'received' && point !== 'committed') throw badRequest('point: received or committed')
    if (!Number.isInteger(count)) throw badRequest('count: a whole number')
    this.wanted[point] = Number(count)
  }

  /** How many stand where. */
  held(): Record<HoldPoint, number> {
    return { received: this.waiting.received.length, committed: this.waiting.committed.length }
  }

  /** Everybody goes on, and nobody is stopped any more. */
  release(): void {
    this.empty((one) => one.go())
  }

  /** The server stops: who still waits is dropped. */
  close(): void {
    this.empty((one) => one.drop(new Problem(503, 'stopping', 'The server stops', 'Try again later.')))
  }

  async pass(point: HoldPoint): Promise<void> {
    if (this.wanted[point] === 0) return
    this.wanted[point] -= 1
    await new Promise<void>((go, drop) => this.waiting[point].push({ go, drop }))
  }

  private empty(end: (one: { go(): void; drop(reason: unknown): void }) => void): void {
    for (const point of ['received', 'committed'] as const) {
      this.wanted[point] = 0
      this.waiting[point].splice(0).forEach(end)
    }
  }
}
