import type { Change, StoredLogRecord } from '../../src/model/change'
import type { Mark, Progress } from '../../src/model/entry'
import type { StoredIdentity } from '../../src/model/identity'
import type { StoredRecord } from './history'
import { keyText } from './storage'

/** What an outbox holds, read from its tables as they are stored: an account independent of the engine's own. */
export interface OutboxView {
  /** Changes that are not done. */
  readonly waiting: readonly WaitingChange[]
  /** Requests that left and have no outcome yet. */
  readonly fences: number
  /** True where the record has changes that are not done or a state of its own. */
  masks(table: string, key: unknown): boolean
  /** True where a person must speak before the record can go on, or somebody else must come back who made the change. */
  held(table: string, key: unknown): boolean
}

export interface WaitingChange {
  readonly table: string
  readonly key: unknown
  readonly held: boolean
  readonly change: Change
}

type DeviceStores = ReadonlyMap<string, readonly StoredRecord[]>

export function outboxView(stores: DeviceStores): OutboxView {
  const read = <T>(name: string) => (stores.get(name) ?? []).map(({ value }) => value as unknown as T)
  const aliases = new Map(
    read<{ table: string; temporary: unknown; key: unknown }>('_sync_aliases').map((alias) => [
      recordName(alias.table, alias.temporary),
      alias.key,
    ]),
  )
  const name = (table: string, key: unknown) => {
    const plain = recordName(table, key)
    return aliases.has(plain) ? recordName(table, aliases.get(plain)) : plain
  }
  const identity =
    read<StoredIdentity & { name: string }>('_sync_meta').find(({ name }) => name === 'identity')?.identity ??
    ''
  const marks = new Map(read<Progress>('_sync_progress').map((progress) => [progress.seq, progress.marks]))
  const held = new Set<string>()
  const open: { readonly table: string; readonly change: Change; readonly name: string }[] = []

  for (const record of read<StoredLogRecord>('_sync_log')) {
    record.changes.forEach((change, index) => {
      const mark: Mark | undefined = marks.get(record.seq)?.[index]
      if (mark === 'done') return
      const waitingName = name(record.table, change.key)
      const isOthers = record.identity !== '' && record.identity !== identity
      open.push({ table: record.table, change, name: waitingName })
      if (mark || isOthers) held.add(waitingName)
    })
  }
  const states = read<{ table: string; key: unknown }>('_sync_records').map(({ table, key }) =>
    name(table, key),
  )
  const masked = new Set([...open.map((each) => each.name), ...states])
  return {
    waiting: open.map(({ table, change, name }) => ({
      table,
      key: change.key,
      held: held.has(name),
      change,
    })),
    fences: read('_sync_fences').length,
    masks: (table, key) => masked.has(name(table, key)),
    held: (table, key) => held.has(name(table, key)),
  }
}

function recordName(table: string, key: unknown): string {
  return `${table} ${keyText(key)}`
}
