import type { Key, Row } from './change'

/**
 * Who wins where device and server changed the same:
 *
 * - `server-wins`: the server's value of every field both changed; a deletion there stands.
 * - `client-wins`: the local value; a row deleted there is made again.
 * - `lww`: whichever was changed later; the server's where that is not known. The server's time of a row is told by
 *   {@link ConflictOptions.clock}, the device's clock is set right by the `Date` of answers. A server of another origin
 *   must let it be read (`Access-Control-Expose-Headers: Date`), or a device whose clock is ahead wins too often.
 * - `merge`: the local value of a field both changed; an edit beats a deletion, whoever made it; a row made on both
 *   sides is parked for a person.
 * - `custom`: {@link ConflictOptions.onConflict} decides; where it cannot, a person.
 * - `park`: a person decides.
 *
 * With every policy a field that only one side changed keeps that change, unless `granularity` is `row`.
 */
export type Policy = 'server-wins' | 'client-wins' | 'lww' | 'merge' | 'custom' | 'park'

/**
 * What becomes of one field that both sides changed: the `client`'s or the `server`'s value; `counter`: both sides'
 * additions are added up; `set-union`: a list with what either side added, without what either removed; `lww`: the
 * later one; or what a function makes of it.
 */
export type FieldRule = 'client' | 'server' | 'counter' | 'set-union' | 'lww' | FieldFunction

/**
 * Makes one value of two, or a promise of it. Where it answers undefined, throws or takes longer than `timeout`, the
 * policy decides. The values are copies.
 */
export type FieldFunction = (
  base: unknown,
  local: unknown,
  remote: unknown,
  place: { readonly table: string; readonly key: Key; readonly field: string },
) => unknown

/** What happens when one side edits a row and the other deletes it. */
export type OnDelete = 'edit-wins' | 'delete-wins' | 'server-wins' | 'client-wins' | 'park'

/** What is decided upon at once: each field both sides changed, or the whole row as soon as both changed it. */
export type Granularity = 'field' | 'row'

/** A conflict as {@link OnConflict} is asked about it. The rows are copies; null = deleted. */
export interface ConflictQuestion {
  readonly table: string
  readonly key: Key
  /** The row both sides started from; null = there was none, undefined = not known. */
  readonly base: Row | null | undefined
  readonly local: Row | null
  readonly remote: Row | null
  /** The fields in dispute. */
  readonly fields: readonly string[]
  /** When the local row was last changed, ms by the server's clock as far as it is known. */
  readonly localChangedAt?: number
  /** When the server's row was last changed, ms; absent where no `clock` tells it. */
  readonly remoteChangedAt?: number
}

/**
 * A row that is to stand, null = deleted; or whose side wins, or that a person decides. Undefined leaves it to the
 * policy.
 */
export type ConflictAnswer = Row | null | undefined | 'local' | 'remote' | 'park'

export type OnConflict = (conflict: ConflictQuestion) => ConflictAnswer | Promise<ConflictAnswer>

/** Tells when the server last changed a row: a field with that time, or a function of the row. ISO text, ms or Date. */
export type RemoteClock = string | ((row: Row) => number | string | Date | undefined)

/** How conflicts are settled, for all tables in the configuration's `conflicts` or for one in that of its route. */
export interface ConflictOptions {
  /** Who wins where server and device changed the same. Default `merge`. */
  readonly policy?: Policy
  /**
   * Rules for single fields; they go before the policy. Those of a route go before the configuration's. Not for
   * policies that decide about whole rows (`custom`, `park`, or `granularity: 'row'`).
   */
  readonly fields?: Readonly<Record<string, FieldRule>>
  /** What happens when one side edits a row and the other deletes it. Default: as the policy says. */
  readonly onDelete?: OnDelete
  /**
   * Is asked about every conflict before rules and policy, in the tab that leads (about a dead letter that is sent
   * again: in the tab of that call), one at a time for a record and about up to 20 records at once. Meanwhile the
   * record's changes wait and everything else goes on. Rules and policy decide where it answers undefined, throws,
   * answers something else than {@link ConflictAnswer} or takes longer than `timeout`; all but undefined are reported
   * as `user-code-failed`. It is asked again where the row changes meanwhile (three times, then a person is), and by the
   * next page where this one ends before it has answered.
   *
   * @example
   * onConflict: async ({ local, remote }) => ({ ...remote, tags: [...local.tags, ...remote.tags] })
   */
  readonly onConflict?: OnConflict
  /** ms that `onConflict` and functions of fields may take. Default 10,000. */
  readonly timeout?: number
  /** Tells when the server last changed a row, for `lww`. Default: the field of the route's keyset checkpoint. */
  readonly clock?: RemoteClock
  /** Whether `server-wins`, `client-wins` and `lww` decide field by field or about the whole row. Default `field`. */
  readonly granularity?: Granularity
}

/** The conflict rules of one table, with every default filled in. */
export interface ConflictRules {
  readonly policy: Policy
  readonly fields: Readonly<Record<string, FieldRule>>
  readonly onDelete?: OnDelete
  readonly onConflict?: OnConflict
  /** ms. */
  readonly timeout: number
  /** A list: the first of these fields that holds a time. */
  readonly clock?: RemoteClock | readonly string[]
  readonly granularity: Granularity
}

/** The rule of a field; undefined = the policy decides. */
export function ruleOf(field: string, { fields }: Pick<ConflictRules, 'fields'>): FieldRule | undefined {
  return Object.hasOwn(fields, field) ? fields[field] : undefined
}

/** True where the policy decides about whole rows, so that no rule of a field has a say. */
export function decidesRows({ policy, granularity }: Pick<ConflictRules, 'policy' | 'granularity'>): boolean {
  return policy === 'custom' || policy === 'park' || granularity === 'row'
}

/** True where it matters when a row was changed. */
export function goesByTime({ policy, fields }: Pick<ConflictRules, 'policy' | 'fields'>): boolean {
  return policy === 'lww' || Object.values(fields).includes('lww')
}
