/**
 * Seeded randomness. A run draws from several independent streams, so that one more draw in one of them (another
 * fault, another scheduling decision) does not reshuffle the others.
 */
export interface Prng {
  /** At least 0, less than 1, with 53 bits. */
  next(): number
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  /** A version 4 UUID. */
  uuid(): string
}

/** The stream called `name` of a seed. The same two always give the same numbers. */
export function prng(seed: number, name: string): Prng {
  let state = mix(seed, name)

  function word(): number {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }
  const next = () => ((word() >>> 5) * 0x4000000 + (word() >>> 6)) / 2 ** 53
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))

  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick(items) {
      if (items.length === 0) throw new Error('nothing to pick from')
      return items[between(0, items.length - 1)]!
    },
    uuid() {
      const hex = Array.from({ length: 32 }, () => (word() & 15).toString(16))
      hex[12] = '4'
      hex[16] = ((word() & 3) | 8).toString(16)
      const text = hex.join('')
      return [
        text.slice(0, 8),
        text.slice(8, 12),
        text.slice(12, 16),
        text.slice(16, 20),
        text.slice(20),
      ].join('-')
    },
  }
}

/** FNV-1a over the name, started from the seed. */
function mix(seed: number, name: string): number {
  return fold(fold(0x811c9dc5, String(seed)), name)
}

/** Folds text into a running 32-bit hash (FNV-1a): how two runs are compared. */
export function fold(hash: number, text: string): number {
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
