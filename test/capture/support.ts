import Dexie from 'dexie'
import { type Capture, installCapture } from '../../src/capture/middleware'
import { AliasMap } from '../../src/keys/alias-map'
import type { Change, StoredLogRecord } from '../../src/model/change'
import { extendSchema } from '../../src/storage/schema'

let names = 0

/** A name no other test uses. */
export function freshName(): string {
  return `capture-${Date.now().toString(36)}-${names++}`
}

export interface CapturedDb {
  readonly db: Dexie
  readonly capture: Capture
  readonly aliases: AliasMap
  readonly commits: string[][]
  log(): Promise<StoredLogRecord[]>
  /** Every change on the log, in its order. */
  changes(): Promise<Change[]>
  /** Forgets what was logged so far. */
  forget(): Promise<void>
}

/** Puts schema and capture into a database that is not open yet. */
export function captureOn(
  db: Dexie,
  tables: Readonly<Record<string, 'server' | 'client'>>,
  identity: () => string = () => 'someone',
): CapturedDb {
  extendSchema(db)
  const aliases = new AliasMap()
  const commits: string[][] = []
  let uuids = 0
  const capture = installCapture(db, {
    tables: new Map(Object.entries(tables).map(([name, keys]) => [name, { keys }])),
    identity,
    schemaVersion: () => db.verno,
    env: { now: () => 1_000, uuid: () => `uuid-${uuids++}`, random: () => Math.random() },
    clock: { stamp: () => ({ time: 1_000, count: 0, node: 'a' }) },
    aliases,
    committed: (touched) => commits.push([...touched].sort()),
  })
  const all = () =>
    db.transaction('r!', ['_sync_log'], (tx) =>
      capture
        .below()
        .table('_sync_log')
        .query({
          trans: tx.idbtrans as never,
          values: true,
          limit: Number.POSITIVE_INFINITY,
          query: {
            index: capture.below().table('_sync_log').schema.primaryKey,
            range: { type: 3, lower: undefined, upper: undefined },
          },
        }),
    )
  const log = async () => (await all()).result as StoredLogRecord[]
  return {
    db,
    capture,
    aliases,
    commits,
    log,
    changes: async () => (await log()).flatMap(({ changes }) => [...changes]),
    forget: async () => {
      await db.transaction('rw!', ['_sync_log'], (tx) =>
        capture
          .below()
          .table('_sync_log')
          .mutate({
            trans: tx.idbtrans as never,
            type: 'deleteRange',
            range: { type: 3, lower: undefined, upper: undefined },
          }),
      )
    },
  }
}

/** A fresh database under capture. */
export function openCaptured(
  stores: Record<string, string>,
  tables: Readonly<Record<string, 'server' | 'client'>>,
  identity?: () => string,
): CapturedDb {
  const db = new Dexie(freshName())
  db.version(1).stores(stores)
  return captureOn(db, tables, identity)
}
