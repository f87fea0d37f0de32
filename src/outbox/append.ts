import type { Environment } from '../environment'
import type { LocalTimes } from '../merge/versions'
import { type Change, type Key, type LogRecord, logFormat } from '../model/change'
import type { EntryRef } from '../model/entry'
import type { Tx } from '../storage/transaction'
import type { Clock } from './clock'

/** What sync itself puts on the log: a change that takes the place of others (retry, edit, resolve, merge). */
export interface NewRecord {
  readonly table: string
  readonly changes: readonly Change[]
  readonly replaces?: readonly EntryRef[]
  readonly confirmed?: true
  readonly resends?: string
  readonly states?: readonly Key[]
  /** When what it says was really done, where that is not now. */
  readonly times?: LocalTimes | undefined
}

/** Appends a record of our own to the log and answers its `seq`. */
export function appendRecord(
  tx: Tx,
  { table, changes, replaces, confirmed, resends, states, times }: NewRecord,
  env: Pick<Environment, 'now' | 'uuid'>,
  clock: Clock,
  schemaVersion: number,
): Promise<number> {
  const id = env.uuid()
  const record: LogRecord = {
    format: logFormat,
    id,
    tx: id,
    table,
    at: env.now(),
    stamp: times?.row ?? clock.stamp(),
    ...(times && { stamps: times.fields }),
    schemaVersion,
    identity: '',
    changes,
    ...(replaces && { replaces }),
    ...(confirmed && { confirmed }),
    ...(resends !== undefined && { resends }),
    ...(states && { states }),
  }
  return tx.append('_sync_log', record)
}
