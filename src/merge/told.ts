import type { Row } from '../model/change'
import { type ConflictRules, decidesRows, ruleOf } from '../model/conflict-rules'
import type { Versions } from './versions'

/** What functions of the app said of a conflict. They are asked elsewhere, outside transactions (I13). */
export interface Told {
  /** Of the whole: a row, null = deleted, a side, or a person; undefined = it is left to rules and policy. */
  readonly ruling?: Ruling | undefined
  /** The values functions of fields made. */
  readonly fields?: Readonly<Record<string, unknown>>
  /** When the server's row was last changed, ms, by a `clock` that is a function. */
  readonly remoteChangedAt?: number
}

export type Ruling = Row | null | 'local' | 'remote' | 'park'

/** True where functions of the app must be asked before a conflict about these fields can be settled. */
export function mustAsk(versions: Versions, fields: readonly string[], rules: ConflictRules): boolean {
  if (rules.onConflict) return true
  const ruled = fields.map((field) => ruleOf(field, rules))
  if (byField(versions, rules) && ruled.some((rule) => typeof rule === 'function')) return true
  if (typeof rules.clock !== 'function' || !versions.remote) return false
  return rules.policy === 'lww' || ruled.includes('lww')
}

/** True where each field is settled by itself: both rows are there, and what both started from. */
export function byField({ base, local, remote }: Versions, rules: ConflictRules): boolean {
  return Boolean(base && local && remote) && !decidesRows(rules)
}
