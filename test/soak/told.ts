import type { Key } from 'dexie-rest-sync'

export type SoakTable = 'cards' | 'people'

/** What a deed does to one row, which goes by its mark whatever its key: a card by its title, a person by its id. */
export interface Effect {
  readonly table: SoakTable
  readonly mark: string
  readonly does: 'create' | 'edit' | 'vote' | 'delete'
  /** The text it gives the row, like no other. */
  readonly value?: string
}

/** Whether a deed found its rows: `some` where it cannot tell which. */
export type Outcome = 'all' | 'none' | 'some'

/** What a page tells the world outside, which remembers it when the page is killed. */
export type Told =
  /** It is about to write. */
  | { readonly what: 'begun'; readonly deed: string; readonly effects: readonly Effect[] }
  /** The write was acknowledged. `keys`: of the rows made, in their order. */
  | {
      readonly what: 'done'
      readonly deed: string
      readonly outcome: Outcome
      readonly keys?: readonly Key[]
    }
  | { readonly what: 'threw'; readonly deed: string; readonly error: string }
  | { readonly what: 'conflict'; readonly id: string; readonly table: SoakTable; readonly key: Key }
  | {
      readonly what: 'dead-letter'
      readonly id: string
      readonly table: SoakTable
      readonly key: Key
      readonly code: string
    }
  /** What went to `errors.onError`. */
  | { readonly what: 'error'; readonly code: string }
