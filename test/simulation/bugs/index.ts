import { ackOverwritesNewerEdit } from './ack-overwrites-newer-edit'
import { ackWithoutEpoch } from './ack-without-epoch'
import { answerWithoutItsFence } from './answer-without-its-fence'
import { bodyRebuiltOnRetry } from './body-rebuilt-on-retry'
import type { Bug } from './bug'
import { checkpointBeforeRows } from './checkpoint-before-rows'
import { coalesceAttempted } from './coalesce-attempted'
import { compareInLastSliceOnly } from './compare-in-last-slice-only'
import { entryMissing } from './entry-missing'
import { epochNotChecked } from './epoch-not-checked'
import { exclusiveCursor } from './exclusive-cursor'
import { htmlAcked } from './html-acked'
import { letterAfterItsMark } from './letter-after-its-mark'
import { newKeyPerRetry } from './new-key-per-retry'
import { noLookback } from './no-lookback'
import { noVersionFloor } from './no-version-floor'
import { nonAtomicCapture } from './non-atomic-capture'
import { pageLosesARow } from './page-loses-a-row'
import { pullIgnoresOutbox } from './pull-ignores-outbox'
import { rawClock } from './raw-clock'
import { refusalRetried } from './refusal-retried'
import { remoteWritesCaptured } from './remote-writes-captured'
import { resolverInTransaction } from './resolver-in-transaction'
import { retryAfterIgnored } from './retry-after-ignored'
import { scopeNotChecked } from './scope-not-checked'
import { sentTwice } from './sent-twice'
import { takenForAccepted } from './taken-for-accepted'
import { timerLeftAfterStop } from './timer-left-after-stop'
import { tombstoneNotKept } from './tombstone-not-kept'
import { updateOfMissingDropped } from './update-of-missing-dropped'

/** The planted bugs (FAULTS 3.6): the simulation must find every one of them, or its silence proves nothing. */
export const bugs: readonly Bug[] = [
  ackOverwritesNewerEdit,
  ackWithoutEpoch,
  answerWithoutItsFence,
  bodyRebuiltOnRetry,
  checkpointBeforeRows,
  coalesceAttempted,
  compareInLastSliceOnly,
  entryMissing,
  epochNotChecked,
  exclusiveCursor,
  htmlAcked,
  letterAfterItsMark,
  newKeyPerRetry,
  noLookback,
  noVersionFloor,
  nonAtomicCapture,
  pageLosesARow,
  pullIgnoresOutbox,
  rawClock,
  refusalRetried,
  remoteWritesCaptured,
  resolverInTransaction,
  retryAfterIgnored,
  scopeNotChecked,
  sentTwice,
  takenForAccepted,
  timerLeftAfterStop,
  tombstoneNotKept,
  updateOfMissingDropped,
]
