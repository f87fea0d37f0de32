import { withKey } from '../keys/key-in-row'
import { keyText } from '../keys/key-text'
import type { Change, Key } from '../model/change'
import type { EntryRef } from '../model/entry'
import type { KeyPath } from '../model/table'

/** A change that is not done, and whose it is. */
export interface Owned {
  readonly ref: EntryRef
  readonly table: string
  readonly change: Change
  readonly identity: string
}

/** Changes of one record by one login, oldest first. */
export interface OwnedRecord<One extends Owned = Owned> {
  readonly table: string
  readonly key: Key
  readonly entries: readonly One[]
}

/** Groups changes by record, in the order of their first; `resolve` gives the key a record has by now. */
export function byRecord<One extends Owned>(
  entries: readonly One[],
  resolve: (table: string, key: Key) => Key = (_, key) => key,
): OwnedRecord<One>[] {
  const records = new Map<string, { table: string; key: Key; entries: One[] }>()
  for (const entry of entries) {
    const key = resolve(entry.table, entry.change.key)
    const name = JSON.stringify([entry.identity, entry.table, keyText(key)])
    const known = records.get(name)
    if (known) known.entries.push(entry)
    else records.set(name, { table: entry.table, key, entries: [entry] })
  }
  return [...records.values()]
}

/**
 * The changes of a record that rest on a row somebody else had (I11): all before it was made by the same login. What
 * it made is its own, and so is what it did to that.
 */
export function restingOnOthers({ entries }: OwnedRecord): readonly Owned[] {
  const made = entries.findIndex(({ change }) => change.kind === 'create')
  return made < 0 ? entries : entries.slice(0, made)
}

export function nameOf({ table, key }: OwnedRecord): string {
  return JSON.stringify([table, keyText(key)])
}

/** The names of records whose row they have made, or made anew. */
export function madeBy(records: readonly OwnedRecord[]): ReadonlySet<string> {
  const made = records.filter((record) => restingOnOthers(record).length < record.entries.length)
  return new Set(made.map(nameOf))
}

/** What rests on rows of somebody else: all of `others` that they have not made, and of `own` what they have. */
export function foreignOf(others: readonly OwnedRecord[], own: readonly OwnedRecord[]): readonly Owned[] {
  const made = madeBy(others)
  const onTheirs = own.filter((record) => made.has(nameOf(record)))
  return [...others, ...onTheirs].flatMap(restingOnOthers)
}

/** Such a change without the other's row: what was typed here is kept, what was there before is not (S17). */
export function withoutOthersRow({ before: _, ...change }: Change, keyPath: KeyPath): Change {
  // It may have to stand for a row by itself.
  const set = change.kind === 'update' && { set: withKey(change.set ?? {}, keyPath, change.key) }
  return { ...change, ...set, foreign: true }
}
