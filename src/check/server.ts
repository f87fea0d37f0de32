import { keyText } from '../keys/key-text'
import type { Key, Row } from '../model/change'
import type { CheckFinding, NotCompared, ServerCheck } from '../model/check'
import type { Checkpoint, Page } from '../model/checkpoint'
import type { SyncedTable } from '../model/table'
import type { Ledger } from '../outbox/ledger'
import { serverUntil } from '../outbox/server-until'
import type { PullScope } from '../protocol/protocol'
import { compare } from './compare'
import type { Desk } from './desk'
import { ask, type Suspect } from './suspects'
import { checkTexts } from './texts'

export interface Compared {
  readonly server: ServerCheck
  readonly findings: readonly CheckFinding[]
}

/**
 * Lists what the server has of a table, page by page as a pull from the start would, and compares it with what is here.
 * Outside transactions; rows are kept only where they differ, of the others the keys.
 */
export async function compareTable(
  ledger: Ledger,
  desk: Desk,
  name: string,
  rows: boolean,
): Promise<Compared> {
  const table = ledger.tables.get(name)!
  const scope = desk.protocol.scopes.find(({ tables }) => tables.includes(name))
  if (!scope) return { server: { why: 'not-pulled' }, findings: [] }
  const listing = new Map<string, Key>()
  const suspects = new Map<string, Suspect>()
  const why = await list(ledger, desk, scope, table, listing, suspects)
  if (why) return { server: { why }, findings: [] }
  await findMissing(ledger, name, listing, suspects)
  const findings = await ask(ledger, desk, table, [...suspects.values()])
  return {
    server: { listed: listing.size },
    findings: findings.map(({ rows: both, ...found }) => ({
      ...found,
      ...checkTexts[found.code],
      ...(rows && both && { rows: both }),
    })),
  }
}

async function list(
  ledger: Ledger,
  { protocol, pageSize, refused, signal }: Desk,
  scope: PullScope,
  table: SyncedTable,
  listing: Map<string, Key>,
  suspects: Map<string, Suspect>,
): Promise<NotCompared | undefined> {
  let checkpoint: unknown
  for (;;) {
    const { until, pulledTo } = await ledger.storage.read(
      ['_sync_meta', '_sync_checkpoints'],
      async (tx) => ({
        until: await serverUntil(tx, ledger.env.now()),
        pulledTo: (await tx.get<Checkpoint>('_sync_checkpoints', scope.name))?.ordered[table.name],
      }),
    )
    const before = signal.aborted ? 'stopped' : refused(table.name)
    if (before) return before
    if (until > ledger.env.now()) return 'server-busy'
    const mayAsk = () => refused(table.name) === undefined
    const call = { limit: pageSize, sinceMoved: 0, signal, mayAsk }
    const answer = await protocol.pull(scope, checkpoint, call)
    // Asked for while somebody else was logged in than now, it may be theirs (I11).
    const after = signal.aborted ? 'stopped' : refused(table.name)
    if (after) return after
    if (answer.kind === 'failed') return answer.reason.code
    await take(ledger, answer.page, table, pulledTo, listing, suspects)
    if (!answer.page.more) return undefined
    if (answer.page.checkpoint === undefined) return 'cursor-stuck'
    checkpoint = answer.page.checkpoint
  }
}

/** The last word of a listing on a row counts. */
async function take(
  { storage }: Ledger,
  { changes }: Page,
  table: SyncedTable,
  pulledTo: unknown,
  listing: Map<string, Key>,
  suspects: Map<string, Suspect>,
): Promise<void> {
  const { name } = table
  const own = changes.filter((one) => one.table === name)
  const rows = own.flatMap((one) => one.rows)
  const readKey = storage.keyReader(name)
  const keys = rows.map(readKey)
  const here = await storage.read([name], (tx) => tx.getMany<Row>(name, keys))
  for (const [i, key] of keys.entries()) {
    const pair = { local: here[i] ?? null, remote: rows[i]! }
    const found = compare(pair, table, pulledTo)
    listing.set(keyText(key), key)
    if (found) suspects.set(keyText(key), { key, ...pair })
    else suspects.delete(keyText(key))
  }
  for (const key of own.flatMap((one) => one.deleted)) {
    listing.delete(keyText(key))
    suspects.delete(keyText(key))
  }
}

async function findMissing(
  { storage }: Ledger,
  name: string,
  listing: ReadonlyMap<string, Key>,
  suspects: Map<string, Suspect>,
): Promise<void> {
  await storage.read([name], async (tx) => {
    const missing = (await tx.keys(name)).filter((key) => !listing.has(keyText(key)))
    const rows = await tx.getMany<Row>(name, missing)
    for (const [i, key] of missing.entries())
      suspects.set(keyText(key), { key, local: rows[i] ?? null, remote: null })
  })
}
