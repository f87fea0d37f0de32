import type { Row } from './oracle'

/** What one side may have done to a record of two fields; `same` = field a, to the value the other side gave it. */
export type Edit = 'none' | 'a' | 'b' | 'ab' | 'same' | 'delete'

export const edits: readonly Edit[] = ['none', 'a', 'b', 'ab', 'same', 'delete']

/** The record before anybody did anything, with values of a kind. */
export interface Kind {
  readonly name: string
  readonly base: Row
  readonly mine: Row
  readonly theirs: Row
  readonly both: unknown
}

/** Texts, numbers that are counted, and lists. */
export const kinds: readonly Kind[] = [
  {
    name: 'text',
    base: { a: 'base', b: 'base' },
    mine: { a: 'mine', b: 'mine' },
    theirs: { a: 'theirs', b: 'theirs' },
    both: 'both',
  },
  { name: 'number', base: { a: 10, b: 10 }, mine: { a: 13, b: 13 }, theirs: { a: 8, b: 8 }, both: 15 },
  {
    name: 'list',
    base: { a: [1, 2], b: [1, 2] },
    mine: { a: [1, 2, 3], b: [2, 3] },
    theirs: { a: [4, 1], b: [1, 2, 4] },
    both: [2],
  },
]

/** The row of one side after its edit; null = deleted. */
export function edited(base: Row, edit: Edit, values: Row, both: unknown): Row | null {
  switch (edit) {
    case 'none':
      return base
    case 'a':
      return { ...base, a: values.a }
    case 'b':
      return { ...base, b: values.b }
    case 'ab':
      return { ...base, a: values.a, b: values.b }
    case 'same':
      return { ...base, a: both }
    case 'delete':
      return null
  }
}
