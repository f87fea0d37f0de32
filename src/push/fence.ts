import type { Fence } from '../model/entry'
import type { SyncErrorCode } from '../model/error'
import type { Reason } from '../model/outcome'
import type { RecordState } from '../model/record-state'
import { checkEpoch } from '../outbox/leader-check'
import { isFree } from '../outbox/select'
import type { Term } from '../outbox/term'
import { TermOver } from '../outbox/term-over'
import { Batch } from '../storage/batch'
import { sentByServerTime } from './key-age'
import { type Prepared, type PreparedItem, toFence } from './prepare'
import { refuse } from './refuse'
import { takeIncoming } from './take-incoming'

const syncTables = [
  '_sync_log',
  '_sync_progress',
  '_sync_fences',
  '_sync_records',
  '_sync_leader',
  '_sync_letters',
]

/**
 * Commits requests before their first byte leaves (I3), on disk: after a crash every one of them counts as sent. What
 * changed since it was prepared is left out and prepared again. Changes that need no request are done here.
 */
export async function commitFences(term: Term, prepared: readonly Prepared[]): Promise<Fence[]> {
  const { outbox, storage, env } = term
  const idleTables = prepared.flatMap((one) => (one.kind === 'nothing' ? [one.item.table] : []))
  const done: (() => void)[] = []
  const fences: Fence[] = []
  await storage.write(
    [...syncTables, ...new Set(idleTables)],
    async (tx) => {
      await Promise.all([checkEpoch(tx, term.epoch), outbox.readTail(tx)])
      await outbox.sweep(tx)
      if (outbox.massDeletes.any) return // prepared again, once they are judged
      const batch = new Batch()
      for (const one of prepared) {
        const items = one.kind === 'request' ? one.items : [one.item]
        if (!items.every((item) => stillStands(term, item))) continue
        if (one.kind === 'request') {
          const frozen = toFence(one, term.epoch, env.now())
          const fence = { ...frozen, ...sentByServerTime(term, frozen) }
          fences.push(fence)
          batch.put('_sync_fences', fence.id, fence)
        } else if (one.kind === 'parked') {
          done.push(await outbox.hold(tx, one.item.entries, 'parked', one.by))
        } else if (one.kind === 'failed') {
          const at = env.now()
          const reason = reasonOf(one.error.code, at, one.error.message)
          const letter = { id: one.item.ops.at(-1)!, attempts: 0, firstSentAt: at }
          done.push(await refuse(tx, batch, term, one.item, letter, reason))
        } else if (outbox.of(one.item.table, one.item.key)?.entries.length === one.item.entries.length) {
          done.push(await outbox.finish(tx, one.item.entries))
          const state = settleIdle(batch, one.item, env.now())
          done.push(() => outbox.noteState(state))
        }
      }
      await batch.flush(tx)
    },
    { strict: fences.length > 0 || prepared.some(({ kind }) => kind === 'request') },
  )
  for (const run of done) run()
  for (const fence of fences) outbox.noteFence(fence)
  return fences
}

/** Nothing was settled, held, sent or rebased since the item was made; later changes may have come, they stay behind. */
function stillStands({ outbox }: Term, item: PreparedItem): boolean {
  const record = outbox.of(item.table, item.key)
  return (
    record !== undefined &&
    item.entries.every((ref) => outbox.waiting.has(ref)) &&
    record.entries.every(isFree) &&
    outbox.stateVersion(item.table, item.key) === item.stateVersion
  )
}

/** The app touched nothing but the server's own fields: their values return. */
function settleIdle(batch: Batch, { table, key, kind, base }: PreparedItem, at: number): RecordState {
  if (kind === 'update' && base) batch.put(table, key, base)
  const state: RecordState = { table, key, settledAt: at, ended: { outcome: 'coalesced', at } }
  batch.put('_sync_records', [table, key], state)
  return state
}

/** Marks a fence as about to be sent again by this leader (I4): an answer to an earlier sending no longer counts twice. */
export async function restamp(term: Term, fences: readonly Fence[]): Promise<Fence[]> {
  const { outbox, storage, env } = term
  const stamped: Fence[] = []
  let missing = false
  await storage.write(
    ['_sync_fences', '_sync_leader'],
    async (tx) => {
      await checkEpoch(tx, term.epoch)
      const stored = await tx.getMany<Fence>(
        '_sync_fences',
        fences.map(({ id }) => id),
      )
      missing = stored.includes(undefined)
      for (const fence of stored)
        if (fence)
          stamped.push({
            ...fence,
            ...sentByServerTime(term, fence),
            epoch: term.epoch,
            sentAt: env.now(),
            resent: true,
          })
      await tx.put('_sync_fences', stamped)
    },
    { strict: true },
  )
  for (const fence of stamped) outbox.noteFence(fence)
  // An earlier leader has settled it after we had read it: memory is behind, a new term begins from disk.
  if (missing) throw new TermOver()
  return stamped
}

/** Takes back fences whose bytes provably never left: their changes may be folded again. */
export async function release(term: Term, fences: readonly Fence[]): Promise<void> {
  if (fences.length === 0) return
  const items = fences.flatMap((fence) => fence.items)
  const commits: (() => void)[] = []
  await term.storage.write(
    [...syncTables, '_sync_conflicts', ...new Set(items.map(({ table }) => table))],
    async (tx) => {
      commits.length = 0
      await checkEpoch(tx, term.epoch)
      await term.outbox.readTail(tx)
      const batch = new Batch()
      for (const { id } of fences) batch.remove('_sync_fences', id)
      for (const item of items) commits.push(await takeIncoming(tx, batch, term, item))
      await batch.flush(tx)
    },
  )
  for (const fence of fences) term.outbox.forgetFence(fence)
  for (const commit of commits) commit()
}

function reasonOf(code: SyncErrorCode, at: number, message: string): Reason {
  return { code, at, message }
}
