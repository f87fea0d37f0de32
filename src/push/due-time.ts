import type { Fence } from '../model/entry'
import { timeFor } from '../model/limits'

/**
 * When a request may be sent again, ms of the wall clock. A clock that shows an earlier time than the last sending, or
 * than its answer (a device may sleep between the two), was set back, and the stored times mean nothing. A leader that
 * took its office by force may have been overtaken while it waits for an answer: its young requests are left alone for
 * as long as that may take (I4).
 */
export function dueTime(
  { dueAt, sentAt, epoch, request, reason }: Pick<Fence, 'dueAt' | 'sentAt' | 'epoch' | 'request' | 'reason'>,
  now: number,
  term: { readonly epoch: number; readonly stolen: boolean },
): number {
  if (now < Math.max(sentAt, reason?.at ?? 0)) return now
  if (!term.stolen || epoch === term.epoch) return dueAt
  return Math.max(dueAt, sentAt + timeFor(request.body?.length ?? 0))
}
