import type { Fence } from '../model/entry'
import { requestTimeout } from '../model/limits'

/**
 * When a request may be sent again, ms of the wall clock. A clock that shows an earlier time than the last sending was
 * set back, and the stored times mean nothing. A leader that took its office by force may have been overtaken while it
 * waits for an answer: its young requests are left alone for as long as that may take (I4).
 */
export function dueTime(
  { dueAt, sentAt, epoch }: Pick<Fence, 'dueAt' | 'sentAt' | 'epoch'>,
  now: number,
  term: { readonly epoch: number; readonly stolen: boolean },
): number {
  if (now < sentAt) return now
  return term.stolen && epoch !== term.epoch ? Math.max(dueAt, sentAt + requestTimeout) : dueAt
}
