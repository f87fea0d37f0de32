import type { Key, Row } from '../../../src/model/change'
import type { Effect } from '../history'
import { editable } from '../operations'
import { keyText } from '../storage'
import { writeOf } from './values'

/** Since when the server has had something: its time of that row then, and the step of the run. */
export interface Arrival {
  /** ms. */
  readonly version: number
  readonly step: number
}

/** What arrived at the server when, by what a row can tell: its fields, its key, its `updated_at`. */
export interface ServerVersions {
  /** When a value of a write was first in this field; undefined: never. */
  value(table: string, field: string, write: string): Arrival | undefined
  /** The last deletion of a key up to a step. */
  deletion(table: string, key: Key, step: number): Arrival | undefined
}

export function serverVersions(effects: readonly Effect[]): ServerVersions {
  const values = new Map<string, Arrival>()
  const deletions = new Map<string, Arrival[]>()
  for (const { table, method, key, sent, row, step } of effects) {
    const arrival = { version: versionOf(row)!, step }
    if (method === 'DELETE') {
      const name = `${table} ${keyText(key)}`
      deletions.set(name, [...(deletions.get(name) ?? []), arrival])
    }
    for (const field of editable) {
      const write = writeOf(sent[field])
      if (write === undefined) continue
      const name = `${table} ${field} ${write}`
      if (!values.has(name)) values.set(name, arrival)
    }
  }
  return {
    value: (table, field, write) => values.get(`${table} ${field} ${write}`),
    deletion: (table, key, step) =>
      deletions
        .get(`${table} ${keyText(key)}`)
        ?.filter((one) => one.step <= step)
        .at(-1),
  }
}

/** The server's time of a row, ms; undefined where it has not told. */
export function versionOf(row: Row | undefined): number | undefined {
  const time = row?.updated_at
  return typeof time === 'string' ? Date.parse(time) : (time as number | undefined)
}
