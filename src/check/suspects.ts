import { keyText } from '../keys/key-text'
import type { Key, Row } from '../model/change'
import type { Checkpoint } from '../model/checkpoint'
import { sameValue } from '../model/equal'
import type { RecordState } from '../model/record-state'
import type { SyncedTable } from '../model/table'
import type { ExistingRecord } from '../outbox/existing'
import { type Ledger, ledgerTables, readAllEntries } from '../outbox/ledger'
import type { Tx } from '../storage/transaction'
import { compare, type Pair } from './compare'
import type { Desk } from './desk'
import type { Found } from './stored'

/** A row in which this device and the server's list differ. */
export interface Suspect extends Pair {
  readonly key: Key
}

/** Rows asked for one by one at most; of the others it stays open whether they have changed meanwhile. */
const askedAtMost = 100

/** Looks at each once more, at the server where it can be read, and here: what has changed meanwhile is no finding. */
export async function ask(
  ledger: Ledger,
  desk: Desk,
  table: SyncedTable,
  suspects: readonly Suspect[],
): Promise<Found[]> {
  const { name } = table
  const scope = table.pull ?? name
  const idle = await ledger.storage.read([...ledgerTables, name], (tx) => notSpokenFor(tx, name, suspects))
  const again: (Suspect & { readonly settled: boolean; readonly listed: Pair })[] = []
  for (const suspect of idle) {
    const asks = again.length < askedAtMost && desk.protocol.canRead(name) && !desk.refused(name)
    const answer = asks ? await desk.protocol.read?.(name, suspect.key, { signal: desk.signal }) : undefined
    const remote = answer?.kind === 'row' ? { remote: answer.row } : {}
    again.push({ ...suspect, ...remote, settled: answer?.kind === 'row', listed: suspect })
  }
  return ledger.storage.read([...ledgerTables, '_sync_checkpoints', name], async (tx) => {
    const { ordered = {} } = (await tx.get<Checkpoint>('_sync_checkpoints', scope)) ?? {}
    const still = new Set(await notSpokenFor(tx, name, again))
    return again.flatMap((one): Found[] => {
      const [before, now] = [one.listed, one].map((pair) => compare(pair, table, ordered[name]))
      if (!still.has(one) || !before || !now || before.code !== now.code) return []
      const about = { table: name, key: one.key, rows: { local: one.local, expected: one.remote } }
      const open = !one.settled && { unsettled: true as const }
      if (now.code !== 'differs' || before.code !== 'differs') return [{ ...about, code: now.code, ...open }]
      const fields = now.fields.filter((field) => before.fields.includes(field))
      return fields.length > 0 ? [{ ...about, code: 'differs', fields, ...open }] : []
    })
  })
}

/** Nothing waits or was settled lately that explains the difference, and the row here is the same as before. */
async function notSpokenFor<S extends Suspect>(tx: Tx, name: string, suspects: readonly S[]): Promise<S[]> {
  const entries = await readAllEntries(tx)
  const existing = await tx.get<ExistingRecord>('_sync_meta', `existing:${name}`)
  const spokenFor = new Set([
    ...entries.filter(({ table }) => table === name).map(({ change }) => keyText(change.key)),
    ...(existing?.keys.map(keyText) ?? []),
  ])
  const keys = suspects.map(({ key }) => key)
  const states = await tx.getMany<RecordState>(
    '_sync_records',
    keys.map((key) => [name, key]),
  )
  const rows = await tx.getMany<Row>(name, keys)
  return suspects.filter(
    ({ key, local }, i) => !states[i] && !spokenFor.has(keyText(key)) && sameValue(rows[i] ?? null, local),
  )
}
