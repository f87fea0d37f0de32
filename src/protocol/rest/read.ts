import { isRow, withKey } from '../../keys/key-in-row'
import type { Key } from '../../model/change'
import { isSyncError, type SyncErrorCode } from '../../model/error'
import { classify, type Verdict } from '../../transport/classify'
import type { Http } from '../../transport/http'
import type { ReadAnswer } from '../protocol'
import { answeredRow, ownerOf } from './answered-row'
import { reasonFor } from './reason'
import { type Place, recordAddress } from './record-address'
import type { ReadRoute } from './routes'
import type { RestTable } from './table'
import type { UserCode } from './user-code'

/** Reads one record. Null = the server says there is none, by 404, 410, a null or a deletion mark. */
export async function readRecord(
  table: RestTable,
  route: ReadRoute,
  key: Key,
  signal: AbortSignal,
  parts: { readonly http: Http; readonly place: Place; readonly user: UserCode; now(): number },
): Promise<ReadAnswer> {
  const { http, place, user, now } = parts
  const name = `routes.${table.name}.read`
  try {
    const row = withKey({}, table.shape.keyPath, key)
    const { url: given } = route
    const url = typeof given === 'string' ? given : await user.call(`${name}.url`, () => given(row), signal)
    const source = { url, isTemplate: typeof given === 'string', name: `${name}.url` }
    const target = recordAddress(source, table, place, { row, key, kind: 'read' })
    const answer = await http.exchange({ method: 'GET', url: target }, signal)

    const failed = (code: SyncErrorCode, pause?: number): ReadAnswer => ({
      kind: 'failed',
      reason: reasonFor(code, answer, now()),
      ...(pause === undefined ? {} : { pause }),
    })
    const verdict = classify(answer)
    if (verdict.kind === 'missing') return { kind: 'row', row: null }
    if (verdict.kind !== 'ok') return failed(...troubleOf(verdict))
    if (answer.kind !== 'answered' || answer.body.kind !== 'json') return failed('bad-answer')
    const { body, etag } = answer
    const found = route.mapResponse
      ? await user.call(`${name}.mapResponse`, () => route.mapResponse?.(body.value), signal)
      : body.value === null
        ? null
        : answeredRow(body)
    if (found === null || table.isDeleted(found)) return { kind: 'row', row: null }
    if (!isRow(found)) return failed('bad-answer')
    if (ownerOf(found, table.shape.keyPath, key) !== 'same') return failed('wrong-record')
    return { kind: 'row', row: found, ...(etag === undefined ? {} : { etag }) }
  } catch (error) {
    if (!isSyncError(error)) throw error
    return { kind: 'failed', reason: { code: error.code, message: error.message, at: now() } }
  }
}

/** Code and pause of a verdict that brings nothing, for requests that only read. */
export function troubleOf(verdict: Verdict): [SyncErrorCode, number | undefined] {
  if (verdict.kind === 'retry' || verdict.kind === 'unknown') return [verdict.code, verdict.pause]
  if (verdict.kind === 'rejected') return [verdict.code, undefined]
  return [verdict.kind === 'missing' ? 'not-found' : 'rejected', undefined]
}
