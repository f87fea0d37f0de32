import type { EntryRef, Mark, Progress } from '../model/entry'
import type { Tx } from '../storage/transaction'

/** How many changes a log record has; undefined where it must be read. */
export type SizeOf = (seq: number) => number | undefined

/** Whether a log record may have a progress row; where nobody knows, it may. */
export type IsMarked = (seq: number) => boolean

/**
 * Marks changes done, and removes log records of which nothing is left (decision 2). A record of one change needs no
 * progress row: it just goes.
 */
export async function finish(
  tx: Tx,
  refs: readonly EntryRef[],
  sizeOf: SizeOf,
  isMarked: IsMarked = () => true,
): Promise<void> {
  const bySeq = groupRefs(refs)
  const seqs = [...bySeq.keys()]
  const sizes = await recordSizes(tx, seqs, sizeOf)
  const several = seqs.filter((seq) => (sizes.get(seq) ?? 0) > 1)
  const progress = await readProgress(tx, several)
  const gone = seqs.filter((seq) => (sizes.get(seq) ?? 0) <= 1)
  const marked = gone.filter(isMarked)
  const kept: Progress[] = []
  for (const seq of several) {
    const marks: Record<number, Mark> = { ...progress.get(seq)?.marks }
    for (const index of bySeq.get(seq) ?? []) marks[index] = 'done'
    const done = Object.values(marks).filter((mark) => mark === 'done').length
    if (done < sizes.get(seq)!) kept.push({ seq, marks })
    else {
      gone.push(seq)
      if (progress.has(seq)) marked.push(seq)
    }
  }
  await Promise.all([
    tx.put('_sync_progress', kept),
    tx.remove('_sync_progress', marked),
    ...runsOf(gone).map((run) => tx.removeRange('_sync_log', run)),
  ])
}

/** Numbers in a row, as ranges: what is done in order goes with one request. */
function runsOf(seqs: readonly number[]): { lower: number; upper: number }[] {
  const runs: { lower: number; upper: number }[] = []
  for (const seq of [...seqs].sort((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last?.upper === seq - 1) last.upper = seq
    else runs.push({ lower: seq, upper: seq })
  }
  return runs
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
