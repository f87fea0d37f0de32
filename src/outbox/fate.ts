import { keyText } from '../keys/key-text'
import type { Key, StoredLogRecord } from '../model/change'
import type { EntryRef, Mark, Progress } from '../model/entry'

/** Some changes of one record, and what the log says of them now. */
export interface Followed {
  readonly table: string
  /** The key the record has now. */
  readonly key: Key
  readonly refs: readonly EntryRef[]
  /** The log records of `refs` that are still there. */
  readonly records: readonly StoredLogRecord[]
  readonly progress: readonly Progress[]
  /** What was put on the log since it was last looked at, in order. */
  readonly tail: readonly StoredLogRecord[]
  /** The key a temporary key has got meanwhile; other keys as they are. */
  readonly resolve: (table: string, key: Key) => Key
}

/** `open`: these changes are not settled yet. `ended`: nothing of them is left. */
export type Fate =
  | { readonly kind: 'open'; readonly refs: readonly EntryRef[] }
  | { readonly kind: 'held'; readonly held: 'dead' | 'parked'; readonly by: string }
  | { readonly kind: 'ended' }

/**
 * What became of changes that were waiting. A record of sync's own (retry, edit, resolve, merge) takes the place of
 * everything that waits for its row: whoever follows the old ones follows it.
 */
export function fateOf(followed: Followed): Fate {
  const refs = followed.refs.filter((ref) => markOf(followed, ref) !== 'done')
  const followers = followed.tail.flatMap((record) => continuing(followed, record))
  const open = [...refs, ...followers.filter((ref) => markOf(followed, ref) !== 'done')]
  for (const ref of open) {
    const mark = markOf(followed, ref)
    if (mark && mark !== 'done') return { kind: 'held', held: mark.held, by: mark.by }
  }
  return open.length > 0 ? { kind: 'open', refs: open } : { kind: 'ended' }
}

/** A change whose log record has gone is done. */
function markOf({ records, tail, progress }: Followed, [seq, index]: EntryRef): Mark | undefined {
  const there = records.some((record) => record.seq === seq) || tail.some((record) => record.seq === seq)
  return there ? progress.find((row) => row.seq === seq)?.marks[index] : 'done'
}

/** The changes of a log record that go on where the followed ones ended. */
function continuing(
  { table, key, refs, resolve }: Followed,
  { seq, table: other, replaces, changes }: StoredLogRecord,
): EntryRef[] {
  if (!replaces || other !== table) return []
  const text = keyText(key)
  const own = changes.flatMap((change, index): EntryRef[] =>
    keyText(resolve(table, change.key)) === text ? [[seq, index]] : [],
  )
  if (own.length > 0) return own
  // A row that starts anew under another temporary key (decision 5).
  const named = new Set(replaces.map(String))
  return changes.length === 1 && refs.some((ref) => named.has(String(ref))) ? [[seq, 0]] : []
}
