import { isRow } from '../../keys/key-in-row'
import type { KeysetPosition } from './keyset'
import type { PullRoute } from './routes'
import type { Walk } from './walk'

/** What the checkpoint of a pull scope holds. The engine stores it and knows nothing of it. */
export interface PullState {
  readonly format: 1
  /** Which strategy made it: the values of another one mean nothing. */
  readonly strategy: string
  readonly keyset?: KeysetPosition
  readonly cursor?: unknown
  /** Values of `setCheckpoint`. */
  readonly named?: Readonly<Record<string, unknown>>
  /** While more pages follow. */
  readonly walk?: Walk
}

/** The state in a stored checkpoint; an empty one where it was made by another strategy, or is no state at all. */
export function readState(checkpoint: unknown, route: PullRoute): { state: PullState; ignored: boolean } {
  const strategy = strategyOf(route)
  if (isState(checkpoint) && checkpoint.strategy === strategy) return { state: checkpoint, ignored: false }
  return { state: { format: 1, strategy }, ignored: checkpoint !== undefined }
}

/** Names how the backend says what is new. Another field makes another strategy. */
function strategyOf({ checkpoint }: PullRoute): string {
  if (!checkpoint || checkpoint.type === 'cursor') return 'cursor'
  return [checkpoint.type, checkpoint.field, 'key' in checkpoint ? checkpoint.key : undefined]
    .flat()
    .filter(Boolean)
    .join(' ')
}

function isState(value: unknown): value is PullState {
  return isRow(value) && value.format === 1 && typeof value.strategy === 'string'
}
