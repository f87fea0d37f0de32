import { withKey } from '../keys/key-in-row'
import type { Change, Key, Row, StoredLogRecord } from '../model/change'
import type { EntryRef, Progress } from '../model/entry'
import { sameValue } from '../model/equal'
import type { DeadLetter } from '../model/held'
import { versionOf } from '../model/schema'
import { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { checkEpoch } from './leader-check'
import { isToBeMigrated, migrateChange, rowAfter } from './migrate'
import type { Term } from './term'
import { recordId } from './waiting'

/** Records of the log in one transaction: what a crash leaves undone is little, and each is whole. */
const sliceSize = 20

/** A change that was migrated, or could not be. */
interface Outcome {
  readonly ref: EntryRef
  readonly table: string
  readonly old: Change
  /** Undefined: the app's code failed. */
  readonly made: Change | undefined
}

interface Remade {
  readonly record: StoredLogRecord
  readonly outcomes: readonly Outcome[]
}

/**
 * Brings every waiting change of older code to the shape of this one, before anything else is done with it. Records of
 * the log are rewritten in their place: they keep their op ids, and whatever was sent of them goes again as it was (I3).
 */
export async function migrateLog(term: Term): Promise<void> {
  const { outbox, over } = term
  for (;;) {
    const seqs = outbox.older.first(sliceSize)
    if (seqs.length === 0 || over.aborted) return
    await migrateSlice(term, seqs)
  }
}

async function migrateSlice(term: Term, seqs: readonly number[]): Promise<void> {
  const { storage, outbox, tables, epoch } = term
  const read = await storage.read(['_sync_log', '_sync_progress'], (tx) => readSlice(tx, seqs))
  // The app's code runs here, outside of transactions (I13).
  const remade = read.map(({ record, marks }) => remake(term, record, marks))
  const involved = new Set(remade.map(({ record }) => record.table).filter((table) => tables.has(table)))
  let committed = () => {}
  await storage.write(
    ['_sync_log', '_sync_progress', '_sync_letters', '_sync_leader', ...involved],
    async (tx) => {
      await checkEpoch(tx, epoch)
      await outbox.readTail(tx)
      const batch = new Batch()
      const there = await tx.getMany<StoredLogRecord>(
        '_sync_log',
        remade.map(({ record }) => record.seq),
      )
      const still = remade.filter((_, i) => there[i])
      await tx.put(
        '_sync_log',
        still.map(({ record }) => record),
      )
      const outcomes = still.flatMap((one) => one.outcomes)
      for (const table of involved) await showNewShape(tx, batch, term, table, outcomes)
      const held = await holdFailed(tx, batch, term, outcomes)
      await batch.flush(tx)
      committed = () => {
        const refs = outcomes.filter(({ made }) => made).map(({ ref }) => ref)
        outbox.older.done(seqs)
        outbox.migrated(
          still.map(({ record }) => record),
          refs,
        )
        held()
      }
    },
  )
  committed()
}

async function readSlice(tx: Tx, seqs: readonly number[]) {
  const records = await tx.getMany<StoredLogRecord>('_sync_log', seqs)
  const progress = await tx.getMany<Progress>('_sync_progress', seqs)
  return records.flatMap((record, i) => (record ? [{ record, marks: progress[i]?.marks ?? {} }] : []))
}

function remake(term: Term, record: StoredLogRecord, marks: Progress['marks']): Remade {
  const { schema, tables, env } = term
  const { table, seq } = record
  const to = schema.version()
  const keyPath = tables.get(table)?.keyPath ?? null
  const outcomes = record.changes.flatMap((old, index): Outcome[] => {
    const from = versionOf(record, old)
    if (from >= to || !isToBeMigrated(old, marks[index])) return []
    const known = { ref: [seq, index] as const, table, old }
    try {
      return [{ ...known, made: migrateChange(old, { table, from, to, keyPath, migrate: schema.migrate! }) }]
    } catch (error) {
      env.report(error)
      return [{ ...known, made: undefined }]
    }
  })
  const made = new Map(outcomes.map((one) => [one.ref[1], one]))
  const changes = record.changes.map((change, index) => {
    const one = made.get(index)
    return one ? (one.made ?? { ...one.old, schemaVersion: versionOf(record, one.old) }) : change
  })
  return { record: { ...record, schemaVersion: Math.max(to, record.schemaVersion), changes }, outcomes }
}

/**
 * Rows the app's upgrade has not touched, since a tab on older code wrote them after it: a row is its base with the
 * waiting changes on top (I6), so it follows them.
 */
async function showNewShape(
  tx: Tx,
  batch: Batch,
  { aliases, tables }: Term,
  table: string,
  outcomes: readonly Outcome[],
): Promise<void> {
  const { keyPath } = tables.get(table)!
  const moved = outcomes.flatMap(({ table: own, old, made }) => {
    const [from, to] = [rowAfter(old), made && rowAfter(made)]
    return own === table && from && to ? [{ key: aliases.resolve(table, old.key), from, to }] : []
  })
  const rows = await tx.getMany<Row>(
    table,
    moved.map(({ key }) => key),
  )
  for (const [i, { key, from, to }] of moved.entries())
    if (sameValue(rows[i], withKey(from, keyPath, key))) batch.put(table, key, withKey(to, keyPath, key))
}

/** What could not be migrated is held for a person, as one letter for each record (I9). */
async function holdFailed(
  tx: Tx,
  batch: Batch,
  { outbox, env, aliases, emit }: Term,
  outcomes: readonly Outcome[],
): Promise<() => void> {
  const failed = outcomes.filter(({ made, ref }) => !made && outbox.waiting.isFree(ref))
  const records = new Map<string, { table: string; key: Key; own: Outcome[] }>()
  for (const one of failed) {
    const key = aliases.resolve(one.table, one.old.key)
    const id = recordId(one.table, key)
    const known = records.get(id)
    if (known) known.own.push(one)
    else records.set(id, { table: one.table, key, own: [one] })
  }
  const commits: (() => void)[] = []
  for (const { table, key, own } of records.values()) {
    const id = env.uuid()
    const at = env.now()
    const reason = { code: 'migration-failed' as const, at }
    const entries = own.map(({ ref }) => ref)
    const { kind } = own.at(-1)!.old
    const letter: DeadLetter = { id, table, key, kind, reason, attempts: 0, firstSentAt: at, at, entries }
    batch.put('_sync_letters', id, letter)
    commits.push(await outbox.hold(tx, entries, 'dead', id))
    commits.push(() => emit('dead-letter', { id, table, key, reason }))
  }
  return () => {
    for (const commit of commits) commit()
  }
}
