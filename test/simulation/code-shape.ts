import type { Prng } from './prng'

/** How functions of the app in its routes behave: probabilities, for each call. */
export interface CodeShape {
  /** There are some. */
  readonly used: boolean
  readonly throws: number
  readonly hangs: number
  readonly garbage: number
  /** It answers late. */
  readonly late: number
}

/** What they do, as it is counted. */
export const codeFaults = ['code-throws', 'code-hangs', 'code-garbage', 'code-late'] as const

export const noCode: CodeShape = { used: false, throws: 0, hangs: 0, garbage: 0, late: 0 }

/** Most apps have none; of those that do half make no mistakes. */
export function codeShape(draw: Prng): CodeShape {
  if (!draw.chance(0.3)) return noCode
  const bad = draw.chance(0.6)
  return {
    used: true,
    throws: bad ? draw.pick([0, 0.05, 0.2]) : 0,
    hangs: bad ? draw.pick([0, 0.02]) : 0,
    garbage: bad ? draw.pick([0, 0.05]) : 0,
    late: draw.pick([0, 0.05]),
  }
}
