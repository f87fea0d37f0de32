/** A row of the benchmark: 8 fields, about 300 bytes of JSON. */
export interface BenchRow {
  readonly id: string
  readonly title: string
  readonly author: string
  readonly body: string
  readonly likes: number
  readonly done: boolean
  readonly tags: readonly string[]
  readonly updatedAt: string
}

/** Indexes of the table: its primary key and two more. */
export const schema = 'id, author, updatedAt'

const text = 'Sphinx of black quartz, judge my vow; the five boxing wizards jump quickly over it.'

/** Row number `n`. */
export function rowAt(n: number): BenchRow {
  return {
    id: `row-${String(n).padStart(8, '0')}`,
    title: `Title of row ${n}`,
    author: `author-${n % 97}`,
    body: text,
    likes: n % 13,
    done: n % 2 === 0,
    tags: ['alpha', `tag-${n % 7}`],
    // A minute apart: no two pages share a time.
    updatedAt: new Date(1_600_000_000_000 + n * 60_000).toISOString(),
  }
}

/** Rows `from` to `from + count - 1`. */
export function rowsFrom(from: number, count: number): BenchRow[] {
  return Array.from({ length: count }, (_, i) => rowAt(from + i))
}
