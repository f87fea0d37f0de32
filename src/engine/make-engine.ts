import { check } from '../check/check'
import { refusalOf } from '../check/refusal'
import type { Checkpoint } from '../model/checkpoint'
import { SyncError } from '../model/error'
import type { SyncResult } from '../model/event'
import { conflicts } from '../outbox/conflicts'
import { deadLetters } from '../outbox/dead-letters'
import { discard } from '../outbox/discard'
import { type Ledger, readAllEntries, readEntries } from '../outbox/ledger'
import { pending } from '../outbox/pending'
import { whenPushed } from '../outbox/when-pushed'
import type { Protocol } from '../protocol/protocol'
import { hasPulledAll } from '../pull/checkpoints'
import type { CallName } from '../tabs/messages'
import type { SyncEngine } from './engine'
import { explain } from './explain'
import type { Identity } from './identity'
import type { Life } from './life'
import { signOut } from './sign-out'
import type { Tab } from './tab'

/** The engine as the app holds it: every call handed to whoever does it. */
export function makeEngine(
  tab: Tab,
  life: Life,
  ledger: Ledger,
  identity: Identity,
  protocol: Protocol,
  pageSize: number,
): SyncEngine {
  const { storage, aliases, tables } = ledger
  const letters = deadLetters(ledger)
  const entries = (read: typeof readEntries) =>
    storage.read(['_sync_log', '_sync_progress', '_sync_fences', '_sync_meta'], (tx) => read(tx))
  const started = async () => {
    await undefined // an engine that starts by itself does so in a moment
    await life.joining?.catch(() => undefined) // whoever started it hears of that
  }
  /** A call made while this tab starts waits until it has joined. */
  const call = async (name: CallName, argument?: unknown) => {
    await started()
    return tab.call(name, argument)
  }
  const ask = (name: 'sync' | 'push' | 'pull' | 'syncTable' | 'resync', argument?: unknown) =>
    call(name, argument) as Promise<SyncResult>
  const ofTable = async <T>(table: string, task: () => Promise<T>) => {
    if (!tables.has(table)) throw new SyncError('unknown-table', { table })
    return task()
  }
  let working = new AbortController()
  const desk = () => ({
    protocol,
    pageSize,
    signal: working.signal,
    refused(table: string) {
      const standing = identity.standing()
      if (standing === 'other') return 'identity-changed' as const
      return standing === 'ours' ? refusalOf(tab.status.getSnapshot(), table) : ('auth-required' as const)
    },
  })
  const syncNow = async () => {
    await started()
    identity.invite()
    await identity.admit(storage)
    return ask('sync')
  }
  return {
    start() {
      if (life.started && tab.status.getSnapshot().state === 'auth-required') {
        const { signal } = working
        void syncNow().catch((error) => signal.aborted || tab.report(error))
      }
      if (!life.started) identity.invite()
      return life.start()
    },
    stop() {
      working.abort()
      working = new AbortController()
      tab.watch.close('stopped') // also where nothing was ever started
      return life.stop()
    },
    pause: async () => void (await call('pause')),
    resume: async () => void (await call('resume')),
    pauseTable: (table) => ofTable(table, async () => void (await call('pauseTable', table))),
    resumeTable: (table) => ofTable(table, async () => void (await call('resumeTable', table))),
    sync: syncNow,
    push: () => ask('push'),
    pull: () => ask('pull'),
    syncTable: (table) => ofTable(table, () => ask('syncTable', table)),
    signOut: (options = {}) => signOut(tab, ledger, identity, options),
    resync: (table) => (table === undefined ? ask('resync') : ofTable(table, () => ask('resync', table))),
    getStatus: () => tab.status.getSnapshot(),
    getSnapshot: () => tab.status.getSnapshot(),
    subscribe: (listener) => tab.status.subscribe(listener),
    isOnline: () => tab.status.getSnapshot().online,
    isSyncing: () => tab.status.getSnapshot().state === 'syncing',
    isLeader: () => tab.status.getSnapshot().leader,
    isStale(table) {
      if (table !== undefined && !tables.has(table)) throw new SyncError('unknown-table', { table })
      return tab.knowledge.freshness.isStale(table)
    },
    healthCheck: () => tab.knowledge.health(),
    getMetrics: () => tab.knowledge.metrics.get(),
    getQueueDepth: async () => (await entries(readEntries)).filter(({ mark }) => !mark).length,
    hasUnsyncedChanges: async () => (await entries(readAllEntries)).length > 0,
    pending: (table) => pending(ledger, table),
    whenInSync: async () => void (await call('whenInSync')),
    async whenInitialSync() {
      await started()
      await tab.watch.until(async (tx) => {
        const checkpoints = await tx.scan<Checkpoint>('_sync_checkpoints')
        return hasPulledAll(protocol.scopes, checkpoints) ? true : undefined
      })
    },
    whenPushed: (table, key) =>
      ofTable(table, async () => {
        await started()
        return whenPushed(ledger, tab.watch, identity.stored, table, key)
      }),
    discard: (table, key) => ofTable(table, () => discard(ledger, table, key)),
    explain: (table, key) =>
      ofTable(table, () => explain(ledger, { table, key, sync: tab.status.getSnapshot().state })),
    check: (table, options) => {
      const look = () => check(ledger, desk(), table, options)
      return table === undefined ? look() : ofTable(table, look)
    },
    async resolveKey(table, temporary) {
      const known = aliases.get(table, temporary)
      if (known !== undefined) return known
      const stored = await storage.read(['_sync_aliases'], (tx) =>
        tx.get<{ key: typeof temporary }>('_sync_aliases', [table, temporary]),
      )
      return stored?.key
    },
    deadLetters: letters,
    conflicts: conflicts(ledger),
    getDeadLetters: letters.list,
    retryDeadLetter: letters.retry,
    on: (name, listener) => tab.emitter.on(name, listener),
    once: (name, listener) => tab.emitter.once(name, listener),
  }
}
