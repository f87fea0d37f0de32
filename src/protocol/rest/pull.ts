import { isSyncError, type SyncErrorCode } from '../../model/error'
import { sameWire } from '../../model/wire'
import type { HttpAnswer } from '../../transport/answer'
import { classify } from '../../transport/classify'
import type { Http } from '../../transport/http'
import type { PullAnswer, PullCall } from '../protocol'
import { askKeyset, type KeysetAsk } from './keyset'
import { checkMapped, type MappedAnswer, usualAnswer } from './mapped-answer'
import { sortRows } from './page-rows'
import { type Staged, stageContext } from './pull-context'
import { pullRequest } from './pull-request'
import { type PullState, readState } from './pull-state'
import { keysetOptions, stepPull } from './pull-step'
import { troubleOf } from './read'
import { reasonFor } from './reason'
import type { PullRoute } from './routes'
import { storable } from './storable'
import type { RestTable } from './table'
import type { UserCode } from './user-code'

/** Most rows a page is asked for when rows of one time do not fit into it. */
const largestPage = 10_000

export interface PullParts {
  readonly http: Http
  readonly user: UserCode
  now(): number
}

/** One page, or why there is none. Never rejects for what server and user code do. */
export async function pullPage(
  table: RestTable,
  route: PullRoute,
  checkpoint: unknown,
  call: PullCall,
  parts: PullParts,
): Promise<PullAnswer> {
  const { state, ignored } = readState(checkpoint, route)
  try {
    for (let limit = call.limit; ; limit = Math.min(limit * 2, largestPage)) {
      const answer = await askOnce({ table, route, state, ignored, call, limit }, parts)
      if (answer !== 'widen') return answer
    }
  } catch (error) {
    if (!isSyncError(error)) throw error
    return { kind: 'failed', reason: { code: error.code, message: error.message, at: parts.now() } }
  }
}

interface Asking {
  readonly table: RestTable
  readonly route: PullRoute
  readonly state: PullState
  readonly ignored: boolean
  readonly call: PullCall
  readonly limit: number
}

async function askOnce(asking: Asking, parts: PullParts): Promise<PullAnswer | 'widen'> {
  const { table, route, state, ignored, call, limit } = asking
  const { http, user, now } = parts
  const staged = stageContext(table.name, limit, state)
  const options = keysetOptions(route)
  const askedAt = now()
  const ask: KeysetAsk = options ? askKeyset(state.keyset, options, askedAt) : { overlapping: false }
  const request = await pullRequest(table, route, staged.context, ask, user, call.signal)
  // What it waited for may have taken long: the server may have asked to be left alone.
  if (!call.mayAsk()) return { kind: 'failed', reason: { code: 'stopped', at: now() } }
  const answer = await http.exchange(request, call.signal)

  const failed = (code: SyncErrorCode, pause?: number): PullAnswer => ({
    kind: 'failed',
    reason: reasonFor(code, answer, now()),
    ...(pause === undefined ? {} : { pause }),
  })
  const verdict = classify(answer)
  if (verdict.kind !== 'ok') return failed(...troubleOf(verdict))
  if (answer.kind !== 'answered') return failed('bad-answer')
  const mapped = await understand(asking, answer, staged, user)
  if (!mapped) return failed('bad-answer')
  const largest = Math.max(largestPage, limit)
  const at = { ask, limit, largest, elapsed: call.sinceMoved, askedAt, now: now() }
  const { changes, quarantined } = sortRows(table, mapped.rows, mapped.deleted)
  const { body } = answer
  if (route.onComplete && body.kind === 'json')
    await user.call(
      `routes.${table.name}.pull.onComplete`,
      () => route.onComplete?.(body.value, staged.context),
      call.signal,
    )
  staged.close()

  const step = stepPull(state, mapped, staged.named(), at, options)
  if (step.kind === 'widen') return 'widen'
  if (step.kind === 'stuck') return failed(step.code)
  const warnings = [...(ignored ? ['checkpoint-ignored'] : []), ...staged.warnings, ...step.warnings]
  return {
    kind: 'page',
    page: {
      changes: [changes],
      ...(sameWire(step.state, state) ? {} : { checkpoint: step.state }),
      more: step.more,
      ...(quarantined.length > 0 ? { quarantined } : {}),
      ...(warnings.length > 0 ? { warnings } : {}),
      ...(mapped.total === undefined ? {} : { total: mapped.total }),
    },
  }
}

/** The rows in an answer; undefined where it is none of the usual shapes and nobody maps it. */
async function understand(
  { table, route, call }: Asking,
  { status, body }: Extract<HttpAnswer, { kind: 'answered' }>,
  { context }: Staged,
  user: UserCode,
): Promise<MappedAnswer | undefined> {
  // Nothing is new, in so many words. An empty 200 could as well be a broken answer.
  if (status === 204) return { rows: [], deleted: [] }
  if (body.kind !== 'json') return undefined
  if (!route.mapResponse) return usualAnswer(body.value, route.checkpoint)
  const name = `routes.${table.name}.pull.mapResponse`
  const mapped = await user.call(name, () => route.mapResponse?.(body.value, context), call.signal)
  const checked = checkMapped(mapped, name)
  return { ...checked, rows: storable(checked.rows) }
}
