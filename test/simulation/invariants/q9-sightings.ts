import type { Alias } from '../../../src/model/alias'
import type { Commit, History, StoreChange } from '../history'
import { editable } from '../operations'
import { keyText } from '../storage'
import { isAppStore } from './invariant'
import { sentAgain } from './local-order'
import { type ServerVersions, versionOf } from './server-versions'
import { writeOf } from './values'

/** What a device has shown of a record. */
export interface Sighting {
  /** The newest write of the device in each field. */
  readonly writes: ReadonlyMap<string, string>
  /** The app has deleted it here. */
  readonly deleted: boolean
  /** The newest version of the server, ms; undefined: none yet. */
  readonly version: number | undefined
  /** Step of the last write or deletion by the app; -1: none yet. */
  readonly at: number
}

const nothing: Sighting = { writes: new Map(), deleted: false, version: undefined, at: -1 }

/** What one device has shown of its records so far, by the key they have now. */
export class Sightings {
  private readonly records = new Map<string, Sighting>()

  constructor(
    private readonly history: History,
    private readonly device: string,
  ) {}

  of({ store, key }: Pick<StoreChange, 'store' | 'key'>): Sighting | undefined {
    return this.records.get(nameOf(store, key))
  }

  /** Everything is somebody else's now. */
  forget(): void {
    this.records.clear()
  }

  /** The app has written a row. */
  written({ step: at }: Commit, change: StoreChange): void {
    const { before, after } = change
    const known = this.of(change) ?? nothing
    const version = newest(known.version, versionOf(before))
    if (!after) {
      this.keep(change, { ...nothing, deleted: true, version, at })
      return
    }
    const writes = new Map(known.writes)
    for (const field of editable) {
      const write = writeOf(after[field])
      if (write === undefined || write === writeOf(before?.[field])) continue
      if (this.history.writes.get(write)?.device === this.device) writes.set(field, write)
    }
    this.keep(change, { writes, deleted: false, version, at })
  }

  /** Records of which a transaction of sync has changed the key, or a call has sent the deletion again. */
  moved(commit: Commit): void {
    const { changes, step: at } = commit
    for (const { table: store, key } of sentAgain(commit))
      this.keep({ store, key }, { ...nothing, deleted: true, version: this.of({ store, key })?.version, at })
    const rows = changes.filter(({ store }) => isAppStore(store))
    const born = new Map(
      rows.flatMap(({ store, key, before, after }) =>
        after && !before ? [[`${store} ${String(after.birth)}`, key] as const] : [],
      ),
    )
    for (const { store, after } of changes) {
      if (store !== '_sync_aliases' || !after) continue
      const { table, temporary, key } = after as unknown as Alias
      this.move(nameOf(table, temporary), nameOf(table, key))
    }
    for (const { store, key, before, after } of rows) {
      const next = before && !after ? born.get(`${store} ${String(before.birth)}`) : undefined
      // Two rows of the server are two records, also where one create that was sent twice has made both.
      if (next !== undefined && !(isOfServer(key) && isOfServer(next)))
        this.move(nameOf(store, key), nameOf(store, next))
    }
  }

  /** A transaction of sync has written a row, or taken it away. */
  shown({ step }: Commit, change: StoreChange, versions: ServerVersions): void {
    const { store, key, after } = change
    const known = this.of(change) ?? nothing
    const version = after ? versionOf(after) : versions.deletion(store, key, step)?.version
    const writes = new Map(
      [...known.writes].filter(([field, write]) => after && writeOf(after[field]) === write),
    )
    this.keep(change, {
      ...known,
      writes,
      deleted: known.deleted && !after,
      version: after ? (version ?? known.version) : newest(known.version, version),
    })
  }

  private keep({ store, key }: Pick<StoreChange, 'store' | 'key'>, sighting: Sighting): void {
    this.records.set(nameOf(store, key), sighting)
  }

  /** Of two edits of a field the later one stands; of two that one call made, either does. */
  private laterOf(one: Sighting['writes'], other: Sighting['writes']): Map<string, string> {
    const later = new Map(other)
    const madeAt = (write: string) => this.history.writes.get(write)?.step ?? -1
    for (const [field, write] of one) {
      const rival = other.get(field)
      if (rival === undefined || madeAt(write) > madeAt(rival)) later.set(field, write)
      else if (madeAt(write) === madeAt(rival)) later.delete(field)
    }
    return later
  }

  private move(from: string, to: string): void {
    const moving = this.records.get(from)
    if (!moving || from === to) return
    const there = this.records.get(to) ?? nothing
    this.records.delete(from)
    // It may have been here twice: of a deletion and an edit what was done last stands.
    const { deleted, at } = moving.at > there.at ? moving : there
    this.records.set(to, {
      writes: deleted ? nothing.writes : this.laterOf(moving.writes, there.writes),
      deleted,
      version: newest(moving.version, there.version),
      at,
    })
  }
}

function isOfServer(key: unknown): boolean {
  return typeof key === 'number' && key > 0
}

function nameOf(table: string, key: unknown): string {
  return `${table} ${keyText(key)}`
}

function newest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.max(a, b)
}
