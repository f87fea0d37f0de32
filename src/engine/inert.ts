import type { Environment } from '../environment'
import { SyncError } from '../model/error'
import type { SyncStatus } from '../model/status'
import { judgeHealth, withDefaults } from '../status/health'
import { metricsOf, type Readings } from '../status/metrics'
import { noTallies } from '../status/tally'
import type { SyncEngine } from './engine'

const status: SyncStatus = {
  state: 'unavailable',
  online: false,
  pushing: false,
  pulling: false,
  leader: false,
  pending: 0,
  deadLetters: 0,
  conflicts: 0,
  pausedTables: [],
  hasSynced: false,
}

const nothingRead: Readings = {
  depth: 0,
  letters: [],
  parked: [],
  quarantined: 0,
  rows: {},
  hasSynced: false,
  heartbeat: 0,
  pause: { all: false, tables: [] },
}
const nothingKnown = { state: status.state, readings: undefined, failing: false, stale: [], estimate: {} }
const nothing = async () => {}
const refuse = () => Promise.reject(new SyncError('unavailable'))
const silent = () => () => {}

/** An engine where there is no IndexedDB (server rendering): it answers, hears nothing and does nothing. */
export function inertEngine({ now }: Pick<Environment, 'now'>): SyncEngine {
  return {
    start: nothing,
    stop: nothing,
    pause: nothing,
    resume: nothing,
    pauseTable: nothing,
    resumeTable: nothing,
    sync: refuse,
    push: refuse,
    pull: refuse,
    syncTable: refuse,
    signOut: refuse,
    resync: refuse,
    getStatus: () => status,
    getSnapshot: () => status,
    subscribe: silent,
    isOnline: () => false,
    isSyncing: () => false,
    isLeader: () => false,
    isStale: () => false,
    getMetrics: async () => metricsOf(noTallies(now()), nothingRead, {}, now()),
    healthCheck: async () => judgeHealth({ ...nothingKnown, now: now() }, withDefaults()),
    getQueueDepth: async () => 0,
    hasUnsyncedChanges: async () => false,
    pending: async () => [],
    whenInSync: refuse,
    whenInitialSync: refuse,
    whenPushed: refuse,
    discard: refuse,
    explain: refuse,
    check: refuse,
    resolveKey: async () => undefined,
    deadLetters: { list: async () => [], retry: refuse, edit: refuse, discard: refuse },
    conflicts: { list: async () => [], resolve: refuse },
    getDeadLetters: async () => [],
    retryDeadLetter: refuse,
    on: silent,
    once: silent,
  }
}
