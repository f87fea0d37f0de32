import { type KeysetAsk, type KeysetOptions, stepKeyset } from './keyset'
import type { MappedAnswer } from './mapped-answer'
import { isKeepable } from './pull-context'
import type { PullState } from './pull-state'
import type { PullRoute } from './routes'
import { stepWalk, type Walk } from './walk'

/** What a page leads to. */
export type PullStep =
  | {
      readonly kind: 'page'
      readonly state: PullState
      readonly more: boolean
      readonly warnings: readonly string[]
    }
  | { readonly kind: 'widen' }
  | { readonly kind: 'stuck'; readonly code: 'stuck-boundary' | 'cursor-stuck' | 'bad-answer' }

/** What a page was asked with. */
export interface AskedPage {
  readonly ask: KeysetAsk
  readonly limit: number
  readonly largest: number
  /** ms since the checkpoint last moved, when it was asked for. */
  readonly elapsed: number
  /** Wall clock when it was asked for, ms. */
  readonly askedAt: number
  /** Wall clock, ms. */
  readonly now: number
}

/** ms of quiet after which a run through empty pages may go on for some more. */
const rest = 10_000

/** Where an answer leads, by the strategy of the route. Never in a circle, never back. */
export function stepPull(
  state: PullState,
  answer: MappedAnswer,
  named: PullState['named'],
  asked: AskedPage,
  options: KeysetOptions | undefined,
): PullStep {
  const { format, strategy } = state
  const kept = { format, strategy, ...(named ? { named } : {}) }
  return options ? stepByValue(state, kept, answer, asked, options) : stepByCursor(state, kept, answer, asked)
}

/** The options of a pull by time or version, with their defaults; undefined for the others. */
export function keysetOptions({ checkpoint }: PullRoute): KeysetOptions | undefined {
  if (!checkpoint || checkpoint.type === 'cursor') return undefined
  if (checkpoint.type === 'version') return { fields: [checkpoint.field], overlap: 0 }
  const { field, key, overlap = 10_000 } = checkpoint
  return {
    fields: typeof field === 'string' ? [field] : field,
    overlap,
    ...(key === undefined ? {} : { key }),
  }
}

function stepByValue(
  state: PullState,
  kept: PullState,
  answer: MappedAnswer,
  asked: AskedPage,
  options: KeysetOptions,
): PullStep {
  const { rows, hasMore } = answer
  const step = stepKeyset({ ...asked, position: state.keyset, rows, hasMore }, options)
  if (step.kind !== 'page') return step
  const keyset = step.position ?? state.keyset
  if (!isKeepable(keyset ?? null)) return { kind: 'stuck', code: 'bad-answer' }
  const warnings = step.ordered ? [] : ['not-incremental']
  const next: PullState = { ...kept, ...(keyset ? { keyset } : {}) }
  if (!step.more) return { kind: 'page', state: next, more: false, warnings }
  // Rows of one time may be answered in a circle of their keys.
  const walk = walkOn(state.walk, asked, asked.ask.from, keyset?.next, false)
  if (walk === 'stuck') return { kind: 'stuck', code: 'cursor-stuck' }
  return { kind: 'page', state: { ...next, walk }, more: true, warnings }
}

/**
 * By what the answer gave as checkpoint, or by what the functions of the route have set. Where nobody says whether
 * there is more, a new cursor that came with rows is followed to its end.
 */
function stepByCursor(state: PullState, kept: PullState, answer: MappedAnswer, asked: AskedPage): PullStep {
  if (!isKeepable(answer.checkpoint ?? null)) return { kind: 'stuck', code: 'bad-answer' }
  const cursor = answer.checkpoint ?? state.cursor
  const next: PullState = { ...kept, ...(cursor === undefined ? {} : { cursor }) }
  const empty = answer.rows.length === 0 && answer.deleted.length === 0
  const from = { cursor: state.cursor, named: state.named }
  const to = { cursor, named: kept.named }
  const moved = textOf(from) !== textOf(to)
  const more = answer.hasMore ?? (answer.checkpoint !== undefined && moved && !empty)
  if (!more) return { kind: 'page', state: next, more: false, warnings: [] }
  const walk = walkOn(state.walk, asked, from, to, empty)
  if (walk === 'stuck') return { kind: 'stuck', code: 'cursor-stuck' }
  return { kind: 'page', state: { ...next, walk }, more: true, warnings: [] }
}

/** A run that was left alone for some time has its budget of empty pages again: it may be long, but not hasty. */
function walkOn(
  walk: Walk | undefined,
  asked: AskedPage,
  from: unknown,
  to: unknown,
  empty: boolean,
): Walk | 'stuck' {
  const rested = walk && asked.elapsed >= rest ? { ...walk, empty: 0 } : walk
  return stepWalk(rested, { from: textOf(from), to: textOf(to), empty })
}

function textOf(value: unknown): string {
  return JSON.stringify(value) ?? ''
}
