import type { EntryRef, Mark, Progress } from '../model/entry'
import type { Tx } from '../storage/transaction'

/** How many changes a log record has; undefined where it must be read. */
export type SizeOf = (seq: number) => number | undefined

/**
 * Marks changes done, and removes log records of which nothing is left (decision 2). A record of one change needs no
 * progress row: it just goes.
 */
export async function finish(tx: Tx, refs: readonly EntryRef[], sizeOf: SizeOf): Promise<void> {
  const bySeq = groupRefs(refs)
  const seqs = [...bySeq.keys()]
  const sizes = await recordSizes(tx, seqs, sizeOf)
  const several = seqs.filter((seq) => (sizes.get(seq) ?? 0) > 1)
  const progress = await readProgress(tx, several)
  const gone: number[] = seqs.filter((seq) => !several.includes(seq))
  const kept: Progress[] = []
  for (const seq of several) {
    const marks: Record<number, Mark> = { ...progress.get(seq)?.marks }
    for (const index of bySeq.get(seq) ?? []) marks[index] = 'done'
    const done = Object.values(marks).filter((mark) => mark === 'done').length
    if (done === sizes.get(seq)) gone.push(seq)
    else kept.push({ seq, marks })
  }
  await tx.put('_sync_progress', kept)
  await tx.remove('_sync_log', gone)
  const marked = gone.filter((seq) => progress.has(seq) || !several.includes(seq))
  if (marked.length > 0) await tx.remove('_sync_progress', marked)
}

/** Holds changes for a person: dead or parked. They stay in the log. */
export async function hold(tx: Tx, refs: readonly EntryRef[], mark: Exclude<Mark, 'done'>): Promise<void> {
  const bySeq = groupRefs(refs)
  const progress = await readProgress(tx, [...bySeq.keys()])
  const rows = [...bySeq].map(([seq, indexes]): Progress => {
    const marks: Record<number, Mark> = { ...progress.get(seq)?.marks }
    for (const index of indexes) marks[index] = mark
    return { seq, marks }
  })
  await tx.put('_sync_progress', rows)
}

async function readProgress(tx: Tx, seqs: readonly number[]): Promise<Map<number, Progress>> {
  const rows = await tx.getMany<Progress>('_sync_progress', seqs)
  return new Map(rows.flatMap((row) => (row ? [[row.seq, row] as const] : [])))
}

async function recordSizes(tx: Tx, seqs: readonly number[], sizeOf: SizeOf): Promise<Map<number, number>> {
  const sizes = new Map(seqs.flatMap((seq) => known(seq, sizeOf(seq))))
  const missing = seqs.filter((seq) => !sizes.has(seq))
  const records = await tx.getMany<{ seq: number; changes: unknown[] }>('_sync_log', missing)
  for (const record of records) if (record) sizes.set(record.seq, record.changes.length)
  return sizes
}

function known(seq: number, size: number | undefined): [number, number][] {
  return size === undefined ? [] : [[seq, size]]
}

function groupRefs(refs: readonly EntryRef[]): Map<number, number[]> {
  const bySeq = new Map<number, number[]>()
  for (const [seq, index] of refs) {
    const indexes = bySeq.get(seq)
    if (indexes) indexes.push(index)
    else bySeq.set(seq, [index])
  }
  return bySeq
}
