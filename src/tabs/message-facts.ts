import { isTemporary } from '../keys/temporary'
import { errorTexts } from '../model/error'
import type { SyncEventName, SyncEvents } from '../model/event'
import type { Tallies } from '../status/tally'
import { isBoolean, isCount, isKey, isObject, isShort, isShortList, maybe } from './shape'

/** True for an event as another tab may send it: a known name, and every field of the form it has. */
export function isEvent(value: unknown): boolean {
  if (!isObject(value) || typeof value.name !== 'string' || !Object.hasOwn(eventForms, value.name))
    return false
  return hasForm(value.data, eventForms[value.name as keyof typeof eventForms])
}

/** True for a status as the leader sends it. */
export function isSharedStatus(value: unknown): boolean {
  return hasForm(value, {
    pushing: isBoolean,
    pulling: isBoolean,
    paused: isBoolean,
    pausedTables: (tables) => maybe(tables, isShortList),
    signedOut: isBoolean,
    identityChanged: isBoolean,
    unreachable: isBoolean,
    hasSynced: isBoolean,
    lastSyncedAt: maybeCount,
    progress: (progress) => maybe(progress, (known) => hasForm(known, progressForm)),
    error: maybeReason,
  })
}

type Form<T> = { readonly [F in keyof Required<T>]: (value: unknown) => boolean }

function hasForm(value: unknown, form: Readonly<Record<string, (value: unknown) => boolean>>): boolean {
  return isObject(value) && Object.entries(form).every(([field, is]) => is(value[field]))
}

const maybeCount = (value: unknown) => maybe(value, isCount)
const maybeText = (value: unknown) => maybe(value, isShort)

function isCode(code: unknown): boolean {
  return typeof code === 'string' && Object.hasOwn(errorTexts, code)
}

function isReason(value: unknown): boolean {
  return hasForm(value, {
    code: isCode,
    at: isCount,
    status: maybeCount,
    message: maybeText,
  })
}

const maybeReason = (value: unknown) => maybe(value, isReason)

const resultForm: Form<SyncEvents['sync-complete']> = {
  pushed: isCount,
  pulled: isCount,
  conflicts: isCount,
  failed: isCount,
  duration: isCount,
  reason: maybeReason,
}

const progressForm: Form<SyncEvents['progress']> = {
  phase: (phase) => phase === 'pull' || phase === 'push',
  table: maybeText,
  done: isCount,
  total: maybeCount,
}

const decisions: readonly unknown[] = ['local', 'remote', 'merged', 'parked']

/** The fields of every event tabs tell each other. The type makes a new event a new line here. */
const eventForms: { readonly [N in Exclude<SyncEventName, 'metrics'>]: Form<SyncEvents[N]> } = {
  'sync-start': {},
  'sync-complete': resultForm,
  'sync-error': { reason: isReason },
  'push-start': { waiting: isCount },
  'push-complete': resultForm,
  'push-error': { reason: isReason, table: maybeText, key: (key) => maybe(key, isKey) },
  'pull-start': { tables: isShortList },
  'pull-complete': { ...resultForm, tables: isShortList, complete: isBoolean },
  'pull-error': { reason: isReason, tables: isShortList },
  conflict: {
    id: isShort,
    table: isShort,
    key: (key) => maybe(key, isKey),
    fields: isShortList,
    decision: (decision) => decisions.includes(decision),
  },
  'dead-letter': { id: isShort, table: isShort, key: isKey, reason: isReason },
  // Reads follow it from the one key to the other: never away from a row that has its own.
  'key-assigned': { table: isShort, temporary: (key) => isKey(key) && isTemporary(key), key: isKey },
  'unconfirmed-create': { table: isShort, key: isKey },
  'unverified-push': { table: isShort, key: isKey },
  'auth-required': { reason: isReason },
  'identity-changed': { reason: isReason },
  quarantine: { table: isShort, code: isShort, count: isCount },
  'storage-error': { reason: isReason },
  progress: progressForm,
  stale: { table: isShort, age: isCount },
  'leader-change': { epoch: isCount },
  online: {},
  offline: {},
}

const tallyForm: Form<Tallies> = {
  since: isCount,
  lastStart: maybeCount,
  lastEnd: maybeCount,
  lastDuration: maybeCount,
  syncs: isCount,
  pushes: isCount,
  pulls: isCount,
  pushed: isCount,
  pulled: isCount,
  conflicts: isCount,
  pushTime: isCount,
  errors: (errors) => isTimes(errors) && Object.keys(errors as object).every(isCode),
  lastError: maybeReason,
  requests: isCount,
  failed: isCount,
  bytesUp: isCount,
  bytesDown: isCount,
  latency: isCount,
  awaySince: maybeCount,
  failing: isBoolean,
}

/** True for what the leader has counted. */
export function isTallies(value: unknown): boolean {
  return hasForm(value, tallyForm)
}

/** True for what waits and is held, as the leader counts it. */
export function isCounts(counts: unknown): boolean {
  return (
    isObject(counts) && isCount(counts.pending) && isCount(counts.deadLetters) && isCount(counts.conflicts)
  )
}

/** True for counts or times by name. */
export function isTimes(times: unknown): boolean {
  return isObject(times) && isShortList(Object.keys(times)) && Object.values(times).every(isCount)
}

/** True for what a tab knows of the server's time. */
export function isClock(clock: unknown): boolean {
  return isObject(clock) && isCount(clock.seen) && isCount(clock.corrections) && Number.isFinite(clock.offset)
}
