import type { StoredLogRecord } from '../model/change'
import type { Progress } from '../model/entry'
import { type Schema, type Shape, shapeOf, versionOf } from '../model/schema'
import { isToBeMigrated } from './migrate'

/** Records of the log that hold changes of older code, which are to be migrated before anything else. */
export class Older {
  readonly #seqs = new Set<number>()
  readonly #schema: Schema

  constructor(schema: Schema) {
    this.#schema = schema
  }

  take(record: StoredLogRecord, progress?: Progress): void {
    const shapes = shapesOf(record, this.#schema)
    const isOlder = (at: number) =>
      shapes[at] === 'older' && isToBeMigrated(record.changes[at]!, progress?.marks[at])
    if (shapes.some((_, at) => isOlder(at))) this.#seqs.add(record.seq)
  }

  /** The first of them, at most `limit`. */
  first(limit: number): number[] {
    return [...this.#seqs].slice(0, limit)
  }

  /** These have been dealt with. */
  done(seqs: readonly number[]): void {
    for (const seq of seqs) this.#seqs.delete(seq)
  }
}

/** How each change of a record stands to the running code. */
export function shapesOf(record: StoredLogRecord, schema: Schema): (Shape | undefined)[] {
  const { format } = record
  return record.changes.map((change) => shapeOf({ format, version: versionOf(record, change) }, schema))
}
