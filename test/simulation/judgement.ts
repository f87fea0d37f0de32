import type { Row } from '../../src/model/change'
import type { ConflictAnswer, ConflictQuestion, OnConflict } from '../../src/model/conflict-rules'
import type { RulingMoment } from './history'
import type { Prng } from './prng'

/** How the app's own `onConflict` behaves. */
export interface JudgementShape {
  /** There is one. */
  readonly asked: boolean
  /** Probability that it throws, that it never answers, and that it answers what is no answer. */
  readonly throws: number
  readonly hangs: number
  readonly garbage: number
}

const garbage: readonly (() => unknown)[] = [
  () => 7,
  () => 'both',
  () => [],
  () => ({ run: () => {} }),
  () => Promise.reject(new Error('late')),
]

/** The app's `onConflict`: sides with either, mixes both, leaves it to the policy, or fails (I13, FAULTS H4-H6). */
export class Judgement {
  private healed = false

  constructor(
    private readonly shape: JudgementShape,
    private readonly draw: Prng,
    /** Resolves after so many ms of the world. */
    private readonly after: (ms: number) => Promise<void>,
    private readonly rulings: RulingMoment[],
  ) {}

  /** From now on it answers, and what it should. */
  heal(): void {
    this.healed = true
  }

  get onConflict(): OnConflict | undefined {
    return this.shape.asked ? (question) => this.answer(question) : undefined
  }

  private answer(question: ConflictQuestion): ConflictAnswer | Promise<ConflictAnswer> {
    const { draw } = this
    const { table, base, local, remote } = question
    const rule = (ruling: RulingMoment['ruling']) => this.rulings.push({ table, base, local, remote, ruling })
    if (!this.healed) {
      const failing = this.failing()
      if (failing) {
        rule(undefined)
        return failing()
      }
    }
    const answer = draw.pick(['local', 'remote', undefined, 'mixed'] as const)
    const told = answer === 'mixed' ? mixed(question) : answer
    rule(told)
    switch (draw.pick(['at once', 'soon', 'later'] as const)) {
      case 'at once':
        return told
      case 'soon':
        return Promise.resolve(told)
      case 'later':
        return this.after(draw.between(1, 1_000)).then(() => told)
    }
  }

  /** One of the ways in which it fails, where this time it does. */
  private failing(): (() => ConflictAnswer | Promise<ConflictAnswer>) | undefined {
    const { draw, shape } = this
    if (draw.chance(shape.throws))
      return () => {
        throw new Error('onConflict failed')
      }
    if (draw.chance(shape.hangs)) return () => new Promise(() => {})
    if (draw.chance(shape.garbage)) return draw.pick(garbage) as () => ConflictAnswer
    return undefined
  }
}

/** The server's row with the local title: as an app would put two rows together. */
function mixed({ local, remote }: ConflictQuestion): Row | undefined {
  return local && remote ? { ...remote, title: local.title } : undefined
}
