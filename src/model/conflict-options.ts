import {
  type ConflictOptions,
  type ConflictRules,
  decidesRows,
  goesByTime,
  type Policy,
} from './conflict-rules'
import { SyncError } from './error'

const policies: readonly unknown[] = ['server-wins', 'client-wins', 'lww', 'merge', 'custom', 'park']
const byRow: readonly unknown[] = ['server-wins', 'client-wins', 'lww']
const fieldRules: readonly unknown[] = ['client', 'server', 'counter', 'set-union', 'lww']
const deletions: readonly unknown[] = ['edit-wins', 'delete-wins', 'server-wins', 'client-wins', 'park']
const granularities: readonly unknown[] = ['field', 'row']

/** The policy where nobody names one. */
const usualPolicy: Policy = 'merge'
const usualTimeout = 10_000

const checks: { readonly [O in keyof ConflictOptions]-?: (value: unknown) => string | undefined } = {
  policy: oneOf(policies),
  fields: (value) => (isObject(value) ? undefined : 'an object with a rule for each field'),
  onDelete: oneOf(deletions),
  onConflict: (value) => (typeof value === 'function' ? undefined : 'a function'),
  timeout: (value) =>
    typeof value === 'number' && value > 0 ? undefined : 'a number of milliseconds above 0',
  clock: (value) =>
    typeof value === 'function' || (typeof value === 'string' && value !== '')
      ? undefined
      : 'a field or a function',
  granularity: oneOf(granularities),
}

/**
 * Checks `conflicts` of the configuration, or of a route at `path` within it.
 * @throws SyncError `bad-config` naming the path and the mend
 */
export function checkConflicts(options: unknown, path: string, inherited: ConflictOptions = {}): void {
  if (!isObject(options)) throw wrong(path, 'must be an object')
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    if (!Object.hasOwn(checks, name))
      throw wrong(`${path}.${name}`, `is no option; known are ${Object.keys(checks).join(', ')}`)
    const wanted = checks[name as keyof ConflictOptions](value)
    if (wanted) throw wrong(`${path}.${name}`, `must be ${wanted}`)
  }
  for (const [field, rule] of Object.entries(options.fields ?? {}))
    if (typeof rule !== 'function' && !fieldRules.includes(rule))
      throw wrong(`${path}.fields.${field}`, `must be one of ${fieldRules.join(', ')}, or a function`)
  checkTogether(options, path, inherited)
}

/** Rules that contradict each other (FAULTS H3). What a table's own policy has no use for it does not inherit. */
function checkTogether(own: ConflictOptions, path: string, inherited: ConflictOptions): void {
  const { policy, granularity } = conflictRules(inherited, own)
  if (own.granularity === 'row' && !byRow.includes(policy))
    throw wrong(`${path}.granularity`, `'row' is for ${byRow.join(', ')}; the policy is ${policy}`)
  const field = Object.keys(own.fields ?? {})[0]
  if (field !== undefined && decidesRows({ policy, granularity }))
    throw wrong(
      `${path}.fields.${field}`,
      granularity === 'row'
        ? "has no say with granularity 'row'; leave one of them out"
        : `has no say: the policy ${policy} decides about whole rows; leave one of them out`,
    )
}

/**
 * What single tables must have: a resolver for `custom`, the server's times for `lww`. `path` names the options it
 * would be given in.
 * @throws SyncError `bad-config`
 */
export function checkRules(rules: ConflictRules, path: string): void {
  if (rules.policy === 'custom' && !rules.onConflict)
    throw wrong(`${path}.onConflict`, "is missing: the policy 'custom' asks it")
  if (goesByTime(rules) && rules.clock === undefined)
    throw wrong(
      `${path}.clock`,
      "is missing: 'lww' must know when the server changed a row; name the field with that time",
    )
}

/** The rules of a table: what its route says, else what the configuration says, else the default. */
export function conflictRules(
  all: ConflictOptions = {},
  own: ConflictOptions = {},
  usualClock?: ConflictRules['clock'],
): ConflictRules {
  const policy = own.policy ?? all.policy ?? usualPolicy
  const wanted = own.granularity ?? all.granularity ?? 'field'
  const granularity = byRow.includes(policy) ? wanted : 'field'
  const onDelete = own.onDelete ?? all.onDelete
  const onConflict = own.onConflict ?? all.onConflict
  const clock = own.clock ?? all.clock ?? usualClock
  return {
    policy,
    fields: decidesRows({ policy, granularity }) ? {} : { ...all.fields, ...own.fields },
    ...(onDelete !== undefined && { onDelete }),
    ...(onConflict !== undefined && { onConflict }),
    timeout: own.timeout ?? all.timeout ?? usualTimeout,
    ...(clock !== undefined && { clock }),
    granularity,
  }
}

function oneOf(values: readonly unknown[]): (value: unknown) => string | undefined {
  return (value) => (values.includes(value) ? undefined : `one of ${values.join(', ')}`)
}

function isObject(value: unknown): value is Record<string, unknown> & ConflictOptions {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrong(path: string, mend: string): SyncError {
  return new SyncError('bad-config', { what: `${path} ${mend}` })
}
