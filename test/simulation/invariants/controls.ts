import { describe, expect, it } from 'vitest'
import type { Invariant } from './invariant'
import type { Planted } from './planted-history'

/** What an invariant is tried on. */
export interface Control {
  readonly invariant: Invariant
  /** Histories that keep the promise, and histories that break it. */
  readonly right: Record<string, Planted>
  readonly wrong: Record<string, Planted>
}

/** Each invariant accepts what is right, having judged something, and rejects what is wrong. */
export function tryOn(controls: readonly Control[]): void {
  describe.each(controls)('$invariant.name', ({ invariant, right, wrong }) => {
    it.each(Object.entries(right))('accepts %s', (_, { evidence }) => {
      let judged = 0
      expect(invariant.judge(evidence, () => judged++)).toEqual([])
      expect(judged).toBeGreaterThan(0)
    })

    it.each(Object.entries(wrong))('rejects %s', (_, { evidence }) => {
      expect(invariant.judge(evidence, () => {})).not.toEqual([])
    })
  })
}
