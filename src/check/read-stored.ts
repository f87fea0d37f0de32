import { AliasMap } from '../keys/alias-map'
import { keyText } from '../keys/key-text'
import { isTemporary } from '../keys/temporary'
import type { Alias } from '../model/alias'
import type { Key, Row } from '../model/change'
import type { Fence } from '../model/entry'
import type { Conflict, DeadLetter } from '../model/held'
import { isOf } from '../model/identity'
import type { RecordState } from '../model/record-state'
import type { ExistingRecord } from '../outbox/existing'
import { type FoundEntry, type Ledger, readAllEntries } from '../outbox/ledger'
import { readIdentity } from '../outbox/stored-identity'
import type { Tx } from '../storage/transaction'
import type { OpenEntry, OpenRecord, Stored } from './stored'

/** Reads everything the rules look at, within one transaction over the ledger's tables and `names`. */
export async function readStored(
  tx: Tx,
  { tables }: Pick<Ledger, 'tables'>,
  names: readonly string[],
): Promise<Stored> {
  const aliases = await tx.scan<Alias>('_sync_aliases')
  const known = new AliasMap()
  for (const { table, temporary, key } of aliases) known.set(table, temporary, key)
  const { identity, since } = await readIdentity(tx)
  const found = await readAllEntries(tx)
  const entries = found.map((entry) => {
    const own = isOf(entry, identity)
    return opened(entry, known.resolve(entry.table, entry.change.key), own, own || entry.ref[0] > since)
  })
  const states = await tx.scan<RecordState>('_sync_records')
  const conflicts = await tx.scan<Conflict>('_sync_conflicts')
  const unsent: { table: string; key: Key }[] = []
  for (const name of names)
    for (const key of await temporaryKeys(tx, tables, name)) unsent.push({ table: name, key })
  return {
    entries,
    records: await records(tx, tables, names, { entries, states, conflicts }),
    logged: (await tx.keys('_sync_log')) as number[],
    noted: (await tx.keys('_sync_progress')) as number[],
    fences: await tx.scan<Fence>('_sync_fences'),
    letters: await tx.scan<DeadLetter>('_sync_letters'),
    conflicts,
    states,
    aliases,
    unsent,
    sends: new Set([...tables.values()].filter(({ push }) => push).map(({ name }) => name)),
  }
}

function opened(
  { ref, table, change, mark }: FoundEntry,
  key: Key,
  own: boolean,
  inSight: boolean,
): OpenEntry {
  return { ref, table, key, change, mark, own, inSight }
}

async function records(
  tx: Tx,
  tables: Ledger['tables'],
  names: readonly string[],
  { entries, states, conflicts }: Pick<Stored, 'entries' | 'states' | 'conflicts'>,
): Promise<OpenRecord[]> {
  const nameOf = (table: string, key: Key) => `${table} ${keyText(key)}`
  const stateOf = new Map(states.map((state) => [nameOf(state.table, state.key), state]))
  const bases = new Map(conflicts.map(({ id, base }) => [id, base]))
  const made: OpenRecord[] = []
  for (const name of names) {
    const { keyPath, serverFields } = tables.get(name)!
    const grouped = new Map<string, OpenEntry[]>()
    for (const entry of entries) {
      if (entry.table !== name || !entry.inSight) continue
      const text = keyText(entry.key)
      const known = grouped.get(text)
      if (known) known.push(entry)
      else grouped.set(text, [entry])
    }
    const own = [...grouped.values()]
    const rows = await tx.getMany<Row>(
      name,
      own.map(([first]) => first!.key),
    )
    for (const [i, entries] of own.entries()) {
      const { key } = entries[0]!
      const state = stateOf.get(nameOf(name, key))
      const met = entries.map(({ mark }) => mark && bases.get(mark.by)).filter((base) => base !== undefined)
      made.push({ table: name, key, keyPath, serverFields, entries, state, met, row: rows[i] ?? null })
    }
  }
  return made
}

/** Those of rows from before sync are the app's own. */
async function temporaryKeys(tx: Tx, tables: Ledger['tables'], name: string): Promise<Key[]> {
  if (tables.get(name)?.keys !== 'server' || !(await tx.get('_sync_meta', `adopted:${name}`))) return []
  const existing = await tx.get<ExistingRecord>('_sync_meta', `existing:${name}`)
  const before = new Set(existing?.keys.map(keyText))
  return (await tx.keys(name)).filter((key) => isTemporary(key) && !before.has(keyText(key)))
}
