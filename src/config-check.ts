import { checkConflicts } from './model/conflict-options'
import { SyncError } from './model/error'

const verifies = ['pull', 'get', 'none']

type Check = (value: unknown) => string | undefined

const text: Check = (value) => (typeof value === 'string' ? undefined : 'a text')
const bool: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false')
const fn: Check = (value) => (typeof value === 'function' ? undefined : 'a function')
const object: Check = (value) => (typeof value === 'object' && value !== null ? undefined : 'an object')
const atLeast =
  (least: number): Check =>
  (value) =>
    typeof value === 'number' && value >= least ? undefined : `a number of at least ${least}`
const whole =
  (least: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least ? undefined : `a whole number of at least ${least}`
const oneOf =
  (values: readonly string[]): Check =>
  (value) =>
    values.includes(value as string) ? undefined : `one of ${values.join(', ')}`
const ratio: Check = (value) =>
  typeof value === 'number' && value > 0 && value <= 1 ? undefined : 'a number above 0, at most 1'

const positive = atLeast(1)
const lifetimes: Check = (value) =>
  object(value) || Object.values(value as object).some(positive)
    ? 'an object of table names, each with a number of at least 1'
    : undefined

/** Every option with its check; a nested object holds the options below it. */
interface Shape {
  readonly [option: string]: Check | Shape
}

const health: Shape = {
  queueDepth: atLeast(0),
  queueAge: atLeast(0),
  deadLetters: atLeast(0),
  conflicts: atLeast(0),
  quarantined: atLeast(0),
  offline: atLeast(0),
  serverFailing: atLeast(0),
  leaderSilence: atLeast(0),
  storageUsed: ratio,
}

const shape: Shape = {
  baseUrl: text,
  routes: object,
  protocol: object,
  auth: { getHeaders: fn, onAuthError: fn, validateAuth: fn, maxAuthRetries: whole(0) },
  sync: {
    interval: atLeast(0),
    onOnline: bool,
    onVisibilityChange: bool,
    push: {
      batchSize: whole(1),
      concurrency: whole(1),
      debounce: atLeast(0),
      verify: oneOf(verifies),
      lookTimeout: atLeast(0),
      maxDeleteRatio: ratio,
    },
    pull: { pageSize: whole(1), maxPages: whole(1), pageDelay: atLeast(0) },
  },
  conflicts: object,
  errors: { maxRetries: whole(0), retryDelay: fn, onError: fn },
  observability: { enabled: bool, metricsInterval: positive, onMetrics: fn, marks: bool, health },
  staleness: { ttl: positive, tables: lifetimes, staleWhileRevalidate: bool, onStale: fn },
  identity: (value) =>
    typeof value === 'function' || (typeof value === 'string' && value !== '')
      ? undefined
      : 'a text that is not empty, or a function that answers one',
  initialUpload: bool,
  schemaVersion: (value) =>
    typeof value === 'number' && value > 0 && Number.isFinite(value) ? undefined : 'a number above 0',
  migrateOutbox: fn,
  autoStart: bool,
}

/**
 * Checks that a config holds known options of the right form.
 * @throws SyncError `bad-config` naming the path and what belongs there
 */
export function checkConfig(config: unknown): void {
  checkShape(config, shape, '')
  const { conflicts } = config as { conflicts?: unknown }
  if (conflicts !== undefined) checkConflicts(conflicts, 'conflicts')
}

function checkShape(value: unknown, allowed: Shape, path: string): void {
  if (object(value)) throw badOption(path || 'the configuration', 'an object')
  for (const [name, part] of Object.entries(value as object)) {
    if (part === undefined) continue
    const here = path ? `${path}.${name}` : name
    const check = Object.hasOwn(allowed, name) ? allowed[name]! : undefined
    if (!check)
      throw new SyncError('bad-config', {
        what: `${here} is no option; known are ${Object.keys(allowed).join(', ')}`,
      })
    if (typeof check !== 'function') checkShape(part, check, here)
    else if (check(part)) throw badOption(here, check(part)!)
  }
}

/** @throws SyncError `bad-config` where `staleness.tables` names a table that is not pulled: it would never be stale */
export function checkStaleTables(tables: Readonly<Record<string, number>>, pulled: readonly string[]): void {
  for (const table of Object.keys(tables))
    if (!pulled.includes(table))
      throw badOption(`staleness.tables.${table}`, 'the name of a table that is pulled')
}

/** The error for an option that is not what it must be. */
export function badOption(path: string, wanted: string): SyncError {
  return new SyncError('bad-config', { what: `${path} must be ${wanted}` })
}
