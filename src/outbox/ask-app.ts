import type { Environment } from '../environment'
import { type Checked, checkRuling, checkValue } from '../merge/app-answer'
import { conflictingFields } from '../merge/conflicting-fields'
import { remoteTime, timeOf } from '../merge/later'
import { byField, type Told } from '../merge/told'
import type { MergeRules, Versions } from '../merge/versions'
import type { Key } from '../model/change'
import { type ConflictQuestion, ruleOf } from '../model/conflict-rules'
import { SyncError } from '../model/error'
import { within } from '../transport/deadline'

/** A record the app is asked about, and with what time and until when. */
export interface Question {
  readonly table: string
  readonly key: Key
  readonly versions: Versions
  readonly rules: MergeRules
  readonly env: Pick<Environment, 'timer' | 'report'>
  /** Gives the asking up: the record stays undecided. */
  readonly signal?: AbortSignal
}

/**
 * Asks the functions of the app about a conflict: `clock`, then `onConflict`, and where that has nothing to say those
 * of the fields. Never inside a transaction: they may throw, hang or answer garbage, which is reported and counts as
 * nothing to say (I13). Undefined = given up.
 */
export async function askApp(question: Question): Promise<Told | undefined> {
  const { versions, rules, signal } = question
  const fields = conflictingFields(versions, rules)
  const remoteChangedAt = await changedAt(question)
  const known = remoteChangedAt === undefined ? {} : { remoteChangedAt }
  const ruling = await askOnConflict(question, fields, remoteChangedAt)
  if (signal?.aborted) return undefined
  if (ruling !== undefined) return { ...known, ruling }
  const made = byField(versions, rules.conflicts) ? await askFields(question, fields) : {}
  return signal?.aborted ? undefined : { ...known, fields: made }
}

function changedAt(question: Question): Promise<number | undefined> | number | undefined {
  const { versions, rules } = question
  const { remote } = versions
  const { clock } = rules.conflicts
  if (typeof clock !== 'function') return remoteTime(remote, clock)
  if (!remote) return undefined
  return call(question, 'conflicts.clock', () => clock(structuredClone(remote)), checkTime)
}

async function askOnConflict(
  question: Question,
  fields: readonly string[],
  remoteChangedAt: number | undefined,
) {
  const { table, key, versions, rules } = question
  const { onConflict } = rules.conflicts
  if (!onConflict) return undefined
  const { localTimes } = versions
  const asked: ConflictQuestion = Object.freeze({
    table,
    key,
    base: structuredClone(versions.base),
    local: structuredClone(versions.local),
    remote: structuredClone(versions.remote),
    fields: Object.freeze([...fields]),
    ...(localTimes && { localChangedAt: localTimes.row.time }),
    ...(remoteChangedAt !== undefined && { remoteChangedAt }),
  })
  return call(question, 'conflicts.onConflict', () => onConflict(asked), checkRuling)
}

async function askFields(question: Question, fields: readonly string[]): Promise<Record<string, unknown>> {
  const { table, key, versions, rules } = question
  const { base, local, remote } = structuredClone({ ...versions, localTimes: undefined })
  const made = fields.map(async (field) => {
    const rule = ruleOf(field, rules.conflicts)
    if (typeof rule !== 'function') return []
    const code = () => rule(base?.[field], local?.[field], remote?.[field], { table, key, field })
    return [[field, await call(question, `conflicts.fields.${field}`, code, checkValue)]] as const
  })
  return Object.fromEntries((await Promise.all(made)).flat())
}

/** Undefined also where it failed, which is reported without a word of the row. */
async function call<T>(
  { table, key, rules, env, signal }: Question,
  name: string,
  code: () => unknown,
  check: (answer: unknown) => Checked<T>,
): Promise<T | undefined> {
  const { timeout } = rules.conflicts
  const failed = (what: string, cause?: unknown) =>
    env.report(new SyncError('user-code-failed', { what: `${name} ${what}`, table, key, cause }))
  try {
    const answer = await within(code, timeout, env.timer, signal)
    if (answer.kind === 'aborted') return undefined
    if (answer.kind !== 'done') {
      failed(`took longer than ${timeout} ms`)
      return undefined
    }
    const checked = check(answer.value)
    if ('value' in checked) return checked.value
    failed(checked.complaint)
  } catch (cause) {
    failed('threw', cause)
  }
  return undefined
}

function checkTime(answer: unknown): Checked<number | undefined> {
  if (answer === undefined) return { value: undefined }
  const time = timeOf(answer)
  return time === undefined ? { complaint: 'answered no time' } : { value: time }
}
