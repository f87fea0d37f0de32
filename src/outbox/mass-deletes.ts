import type { StoredLogRecord } from '../model/change'
import type { EntryRef, Progress } from '../model/entry'

/** Deletions of one table in one transaction that may be meant as "empty the table" (decision 12). */
export interface Suspect {
  readonly table: string
  readonly at: number
  clear: boolean
  creates: number
  readonly deletes: EntryRef[]
}

/** One transaction deleting fewer rows than this is never asked about, unless it cleared the table. */
const smallest = 20

/** Collects deletions by transaction while the log is read. What they amount to is decided before they may leave. */
export class MassDeletes {
  readonly #suspects = new Map<string, Suspect>()
  /** Those that are being judged. */
  readonly #taken = new Set<Suspect>()

  take(record: StoredLogRecord, progress?: Progress): void {
    if (record.confirmed) return
    const name = `${record.tx} ${record.table}`
    const known = this.#suspects.get(name)
    const deletes = record.changes.flatMap(({ kind }, index): EntryRef[] =>
      kind === 'delete' && progress?.marks[index] === undefined ? [[record.seq, index]] : [],
    )
    if (!known && deletes.length === 0 && record.changes.every(({ kind }) => kind !== 'create')) return
    const suspect = known ?? { table: record.table, at: record.at, clear: false, creates: 0, deletes: [] }
    suspect.clear ||= record.clear === true
    suspect.deletes.push(...deletes)
    suspect.creates += record.changes.filter(({ kind }) => kind === 'create').length
    this.#suspects.set(name, suspect)
  }

  /** Those worth counting rows for, until they are {@link judged}; the others are forgotten. */
  takeSuspects(): Suspect[] {
    const worthwhile = [...this.#suspects.values()].filter(isWorthwhile)
    this.#suspects.clear()
    for (const one of worthwhile) this.#taken.add(one)
    return worthwhile
  }

  /** Those that could not be judged: they are asked about next time. */
  putBack(suspects: readonly Suspect[]): void {
    this.judged(suspects)
    for (const suspect of suspects) this.#suspects.set(`again ${suspect.deletes[0]}`, suspect)
  }

  judged(suspects: readonly Suspect[]): void {
    for (const suspect of suspects) this.#taken.delete(suspect)
  }

  /** A deletion that may have to be asked about. Folded with other changes into one it would leave unasked. */
  has(ref: EntryRef): boolean {
    return [...this.#suspects.values(), ...this.#taken].some(
      (one) => isWorthwhile(one) && one.deletes.some(([seq, index]) => seq === ref[0] && index === ref[1]),
    )
  }

  get any(): boolean {
    for (const { deletes } of this.#suspects.values()) if (deletes.length > 0) return true
    return false
  }
}

function isWorthwhile({ clear, deletes }: Suspect): boolean {
  return deletes.length > 0 && (clear || deletes.length >= smallest)
}

/** Whether deletions are asked about: a whole-table clear, or more than `ratio` of the rows there were. */
export function isMassDelete({ clear, deletes, creates }: Suspect, rowsNow: number, ratio: number): boolean {
  if (ratio >= 1) return false
  if (clear) return true
  const rowsBefore = rowsNow + deletes.length - creates
  return deletes.length > ratio * rowsBefore
}
