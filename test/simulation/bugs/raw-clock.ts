import type { Bug } from './bug'

export const rawClock: Bug = {
  name: 'raw-clock',
  patches: [
    {
      file: 'src/outbox/clock.ts',
      find: 'this.#count = now > this.#time ? 0 : this.#count + 1\n    this.#time = Math.max(now, this.#time)',
      replace: 'this.#time = this.#env.now()',
    },
  ],
  noticedBy: 'Q8',
  seeds: { from: 1, within: 20 },
  unitTest: 'test/outbox/clock.test.ts',
}
