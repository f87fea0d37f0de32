import type { Row } from '../../src/model/change'
import type { ConflictAnswer, ConflictQuestion, OnConflict } from '../../src/model/conflict-rules'
import type { History, RulingMoment } from './history'
import type { Prng } from './prng'
import type { Struck } from './struck'

/** How the app's own `onConflict` behaves. */
export interface JudgementShape {
  /** There is one. */
  readonly asked: boolean
  /** Probability that it throws, that it never answers, and that it answers what is no answer. */
  readonly throws: number
  readonly hangs: number
  readonly garbage: number
}

const judgementFailures = ['throws', 'hangs', 'garbage'] as const

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
    private readonly notes: { readonly history: Pick<History, 'rulings'>; readonly struck: Struck },
  ) {}

  /** From now on it answers, and what it should. */
  heal(): void {
    this.healed = true
  }

  get onConflict(): OnConflict | undefined {
    return this.shape.asked ? (question) => this.answer(question) : undefined
  }

  private answer(question: ConflictQuestion): ConflictAnswer | Promise<ConflictAnswer> {
    const { draw, notes } = this
    const { table, base, local, remote } = question
    const rule = (ruling: RulingMoment['ruling']) =>
      notes.history.rulings.push({ table, base, local, remote, ruling })
    if (!this.healed) {
      const failing = this.failing()
      if (failing) {
        notes.struck.count('judgement-fails')
        rule(undefined)
        return this.fail(failing)
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
  private failing(): (typeof judgementFailures)[number] | undefined {
    return judgementFailures.find((way) => this.draw.chance(this.shape[way]))
  }

  private fail(way: (typeof judgementFailures)[number]): ConflictAnswer | Promise<ConflictAnswer> {
    if (way === 'hangs') return new Promise(() => {})
    if (way === 'garbage') return this.draw.pick(garbage)() as ConflictAnswer
    throw new Error('onConflict failed')
  }
}

/** The server's row with the local title: as an app would put two rows together. */
function mixed({ local, remote }: ConflictQuestion): Row | undefined {
  return local && remote ? { ...remote, title: local.title } : undefined
}
