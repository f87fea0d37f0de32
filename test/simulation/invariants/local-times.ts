import type { Alias } from '../../../src/model/alias'
import type { Key, Row, StoredLogRecord } from '../../../src/model/change'
import type { Progress } from '../../../src/model/entry'
import type { Stamp } from '../../../src/model/stamp'
import type { StoreChange } from '../history'
import { keyText } from '../storage'

/** When the waiting changes of a record were made, as the log says. */
export interface Times {
  readonly row: Stamp | undefined
  readonly fields: ReadonlyMap<string, Stamp>
}

/** The outbox of a device as its transactions leave it, for the times it tells. */
export class LogMirror {
  private readonly log = new Map<string, StoredLogRecord>()
  private readonly marks = new Map<string, Progress['marks']>()
  private readonly aliases = new Map<string, unknown>()
  private owner = ''

  take({ store, key, after }: StoreChange): void {
    const name = keyText(key)
    if (store === '_sync_log') set(this.log, name, after as unknown as StoredLogRecord | undefined)
    if (store === '_sync_progress') set(this.marks, name, (after as Progress | undefined)?.marks)
    if (store === '_sync_meta' && key === 'identity') this.owner = String(after?.identity ?? '')
    if (store !== '_sync_aliases' || !after) return
    const alias = after as unknown as Alias
    this.aliases.set(nameOf(alias.table, alias.temporary), alias.key)
  }

  /** Of the changes that wait now, oldest first; the latest counts. */
  times(table: string, key: Key): Times {
    const fields = new Map<string, Stamp>()
    let row: Stamp | undefined
    const wanted = keyText(key)
    const records = [...this.log.values()].filter((one) => one.table === table && this.isOwn(one))
    for (const record of records.sort((a, b) => a.seq - b.seq)) {
      for (const [index, change] of record.changes.entries()) {
        const current = this.aliases.get(nameOf(table, change.key)) ?? change.key
        const isDone = this.marks.get(keyText(record.seq))?.[index] === 'done'
        if (isDone || keyText(current) !== wanted || !record.stamp) continue
        row = record.stamp
        const touched = [...Object.keys((change.row ?? change.set ?? {}) as Row), ...(change.unset ?? [])]
        for (const field of touched) fields.set(field, record.stamps?.[field] ?? record.stamp)
      }
    }
    return { row, fields }
  }

  private isOwn({ identity }: StoredLogRecord): boolean {
    return identity === '' || identity === this.owner
  }
}

function set<T>(map: Map<string, T>, name: string, value: T | undefined): void {
  if (value === undefined) map.delete(name)
  else map.set(name, value)
}

function nameOf(table: string, key: unknown): string {
  return `${table} ${keyText(key)}`
}
