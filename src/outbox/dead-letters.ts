import { isTemporary } from '../keys/temporary'
import { changeBetween } from '../merge/change-between'
import type { Versions } from '../merge/versions'
import type { Change, Key, Row, StampedChange } from '../model/change'
import type { DeadLetter } from '../model/held'
import type { RecordState } from '../model/record-state'
import { shapeOf } from '../model/schema'
import { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { applyChanges, withFields } from './coalesce'
import { type Decide, decideInCall } from './decide-in-call'
import {
  type FoundEntry,
  type Ledger,
  ledgerTables,
  noSuchItem,
  ofRecord,
  openOutbox,
  readEntries,
  renewAliases,
} from './ledger'
import { localTimes } from './local-times'
import { refuseOutdated } from './stored-schema'
import { writeResolution } from './write-resolution'

/**
 * Calls on dead letters, from any tab. Each is one transaction; the leader learns of it from the log's tail. Where the
 * server's row has changed meanwhile and `onConflict` or a function of a field must decide, it is called in this tab.
 */
export interface DeadLetters {
  /** Oldest first. Inside Dexie's `liveQuery` it is observed. */
  list(): Promise<DeadLetter[]>
  /** Sends the change again, folded with what was changed since. Throws `no-such-item`. */
  retry(id: string): Promise<void>
  /** Changes fields of the row, then sends it again. Throws `no-such-item`. */
  edit(id: string, fields: Row): Promise<void>
  /**
   * Gives the change up: the row returns to what the server has, keeping later changes where they can stand without
   * it; a row the server never had is removed. Throws `no-such-item`.
   */
  discard(id: string): Promise<void>
}

export function deadLetters(ledger: Ledger): DeadLetters {
  const { storage } = ledger
  return {
    list: () =>
      storage.read(['_sync_letters'], async (tx) =>
        (await tx.scan<DeadLetter>('_sync_letters')).sort(byTime),
      ),
    retry: (id) => withLetter(ledger, id, resend(ledger, {})),
    edit: (id, fields) => withLetter(ledger, id, resend(ledger, fields)),
    discard: (id) => withLetter(ledger, id, giveUp(ledger)),
  }
}

/** A dead letter with everything that bears on its record. */
interface Opened {
  readonly letter: DeadLetter
  /** All waiting changes of the record, oldest first; the letter's come first. */
  readonly entries: readonly FoundEntry[]
  readonly state: RecordState | undefined
}

/** Answers the rows of a conflict the app must decide first; then it has written nothing. */
type Act = (tx: Tx, batch: Batch, opened: Opened, decide: Decide) => Promise<Versions | undefined>

async function withLetter(ledger: Ledger, id: string, act: Act): Promise<void> {
  const { storage, aliases } = ledger
  await renewAliases(ledger)
  const [letter] = await storage.read(['_sync_letters'], (tx) =>
    tx.getMany<DeadLetter>('_sync_letters', [id]),
  )
  if (!letter) throw noSuchItem(id)
  const { table } = letter
  const key = aliases.resolve(table, letter.key)
  await decideInCall(ledger, { table, key }, (decide) =>
    storage.write([...ledgerTables, table], async (tx) => {
      if (!(await tx.get('_sync_letters', id))) throw noSuchItem(id) // settled in another tab meanwhile
      await refuseOutdated(tx, ledger.schema)
      const entries = ofRecord(ledger, await readEntries(tx), table, key)
      const state = await tx.get<RecordState>('_sync_records', [table, key])
      const batch = new Batch()
      batch.remove('_sync_letters', id)
      const open = await act(tx, batch, { letter: { ...letter, key }, entries, state }, decide)
      if (!open) await batch.flush(tx)
      return open
    }),
  )
  ledger.wake([table])
}

/** Sends again under a new key: the server applied nothing of the refused one (decision 11). */
function resend(ledger: Ledger, fields: Row): Act {
  return async (tx, batch, opened, decide) => {
    const { letter, entries, state } = opened
    const { table, key } = letter
    const outbox = openOutbox(ledger)
    if (letter.inDoubt && letter.kind === 'create' && isTemporary(key))
      return sendAgainAsItWas(tx, batch, ledger, opened, fields)
    if (isNotMigrated(ledger, entries) && Object.keys(fields).length === 0)
      return askAgain(tx, outbox, table, entries)
    const changes = entries.map(({ stamped }) => stamped)
    const refs = entries.map(({ ref }) => ref)
    const before = changes[0]?.before ?? null
    // What arrived while the letter lay here became the base; now the policy has its say (decision 3).
    const remote = state?.base === undefined ? before : state.base
    // What was done to a row of somebody else stands on nothing but the server's row (I11).
    const base = changes[0]?.foreign ? remote : before
    const edits = edit(applyChanges(base, changes), key, fields)
    const all = [...changes, ...madeNow(edits, ledger)]
    const versions = { base, local: applyChanges(base, all), remote }
    const resolution = decide(versions, all)
    if (resolution.asks) return versions
    const renewed =
      resolution.waiting === 'keep' ? { ...resolution, waiting: 'replace' as const } : resolution
    await writeResolution(tx, batch, { ...ledger, outbox }, { table, key, refs, ...versions }, renewed)
    if (resolution.waiting === 'drop') await outbox.append(tx, { table, changes: [], replaces: refs })
    if (resolution.conflict?.decision === 'parked' && edits.length > 0) {
      await outbox.append(tx, { table, changes: edits }) // waits behind what is parked now
      batch.put(table, key, versions.local!)
    }
    return undefined
  }
}

/** Some of it has not come to the shape of the running code. */
function isNotMigrated({ schema }: Ledger, entries: readonly FoundEntry[]): boolean {
  return entries.some((entry) => shapeOf(entry, schema) === 'older')
}

/** The changes as they are, to be migrated by the leader like any other of older code. */
async function askAgain(
  tx: Tx,
  outbox: ReturnType<typeof openOutbox>,
  table: string,
  entries: readonly FoundEntry[],
): Promise<undefined> {
  const changes = entries.map(({ change, version }) => ({ ...change, schemaVersion: version }))
  const replaces = entries.map(({ ref }) => ref)
  await outbox.append(tx, {
    table,
    changes,
    replaces,
    times: localTimes(entries.map(({ stamped }) => stamped)),
  })
  await outbox.finish(tx, replaces)
}

/**
 * A create that may have arrived goes again as it was and under its old key, so that the server makes no second row
 * (decision 11); what was changed since follows it.
 */
async function sendAgainAsItWas(
  tx: Tx,
  batch: Batch,
  ledger: Ledger,
  { letter: { id, table, key, entries: sent }, entries }: Opened,
  fields: Row,
): Promise<undefined> {
  const outbox = openOutbox(ledger)
  const own = new Set(sent.map(String))
  const first = entries.filter(({ ref }) => own.has(String(ref))).map(({ stamped }) => stamped)
  const row = applyChanges(null, first)!
  const changes = entries.map(({ stamped }) => stamped)
  const edits = edit(applyChanges(null, changes), key, fields)
  const all = [...changes, ...madeNow(edits, ledger)]
  const now = applyChanges(null, all)
  const replaces = entries.map(({ ref }) => ref)
  const create: Change = { kind: 'create', key, row }
  await outbox.append(tx, { table, changes: [create], replaces, resends: id, times: localTimes(first) })
  const since = changeBetween(key, row, now)
  if (since) await outbox.append(tx, { table, changes: [since], times: localTimes(all) })
  await outbox.finish(tx, replaces)
  if (now) batch.put(table, key, now)
  else batch.remove(table, key)
}

/** The edit of a letter as a change like any other: it is brought together with the server's row as those are. */
function edit(row: Row | null, key: Key, fields: Row): Change[] {
  const change = row && changeBetween(key, row, withFields(row, fields))
  return change ? [change] : []
}

function madeNow(edits: readonly Change[], { clock }: Ledger): StampedChange[] {
  return edits.map((one) => ({ ...one, stamp: clock.stamp() }))
}

function giveUp(ledger: Ledger): Act {
  return async (tx, batch, { letter, entries, state }, decide) => {
    const outbox = openOutbox(ledger)
    const { table, key } = letter
    const dead = new Set(letter.entries.map(String))
    const standsAlone = letter.kind !== 'create'
    const gone = entries.filter(({ ref }) => !standsAlone || dead.has(String(ref)))
    const left = entries.filter((entry) => !gone.includes(entry))
    const before = entries[0]?.change.before ?? null
    const base = state?.base === undefined ? before : state.base
    const changes = left.map(({ stamped }) => stamped)
    if (base === null && left.length > 0) {
      // It was deleted at the server meanwhile: whether the later changes make it again is the policy's to say.
      const refs = left.map(({ ref }) => ref)
      const versions = { base: before, local: applyChanges(before, changes), remote: null }
      const resolution = decide(versions, changes)
      if (resolution.asks) return versions
      const contested = { table, key, refs, ...versions }
      await writeResolution(tx, batch, { ...ledger, outbox }, contested, resolution)
      const ended = resolution.waiting === 'drop' ? entries : gone
      return end(tx, outbox, table, ended)
    }
    const row = applyChanges(base, changes)
    if (row) batch.put(table, key, row)
    else batch.remove(table, key)
    if (left.length > 0) batch.put('_sync_records', [table, key], { ...state, table, key, base })
    else batch.put('_sync_records', [table, key], discarded(table, key, ledger.env.now()))
    return end(tx, outbox, table, gone)
  }
}

/** The receipt of a record whose changes were given up. */
function discarded(table: string, key: Key, at: number): RecordState {
  return { table, key, settledAt: at, ended: { outcome: 'discarded', at } }
}

/** Ends entries, and tells the leader by the log. */
async function end(
  tx: Tx,
  outbox: ReturnType<typeof openOutbox>,
  table: string,
  entries: readonly FoundEntry[],
): Promise<undefined> {
  const replaces = entries.map(({ ref }) => ref)
  await outbox.append(tx, { table, changes: [], replaces })
  await outbox.finish(tx, replaces)
}

function byTime(a: DeadLetter, b: DeadLetter): number {
  return a.at - b.at
}
