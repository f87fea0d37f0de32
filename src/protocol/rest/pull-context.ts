import { toWire } from '../../model/wire'
import type { PullState } from './pull-state'
import type { PullContext } from './routes'
import { orderOf } from './time'

/** Longest value that is kept, characters of JSON (S14). */
export const longestCheckpoint = 4096

/** The context of one page, and what its functions have set. */
export interface Staged {
  readonly context: PullContext
  /** All named values as they are to be stored with the page; undefined = there are none. */
  named(): Readonly<Record<string, unknown>> | undefined
  /** Codes of values that were ignored. */
  readonly warnings: ReadonlySet<string>
  /** Ends the page: what is set from now on is lost, since the page has left. */
  close(): void
}

/** The context of `query`, `url`, `headers`, `mapResponse` and `onComplete` of one page. */
export function stageContext(table: string, limit: number, state: PullState): Staged {
  const values = new Map(Object.entries(state.named ?? {}))
  const warnings = new Set<string>()
  let open = true

  const context: PullContext = {
    table,
    limit,
    checkpoint: state.cursor,
    async getCheckpoint(name) {
      return values.get(name)
    },
    async setCheckpoint(name, value) {
      const trouble = open ? troubleWith(value, values.get(name)) : 'checkpoint-too-late'
      if (trouble) warnings.add(trouble)
      else values.set(name, value)
    },
  }
  return {
    context,
    named: () => (values.size > 0 ? Object.fromEntries(values) : undefined),
    warnings,
    close() {
      open = false
    },
  }
}

/** Why a value cannot be kept. `Math.max()` of no rows is the usual case; it must not begin everything anew. */
function troubleWith(value: unknown, before: unknown): string | undefined {
  if (!isKeepable(value)) return 'checkpoint-ignored'
  const [now, then] = [orderOf(value), orderOf(before)]
  const sameForm = typeof value === typeof before
  return sameForm && now !== undefined && then !== undefined && now < then
    ? 'checkpoint-decreased'
    : undefined
}

/** True for JSON data that is not too long. */
export function isKeepable(value: unknown): boolean {
  try {
    return JSON.stringify(toWire(value, 'checkpoint')).length <= longestCheckpoint
  } catch {
    // Not JSON, so not storable: the caller says so.
    return false
  }
}
