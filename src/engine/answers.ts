import { SyncError } from '../model/error'
import type { SyncResult } from '../model/event'
import { isTermOver } from '../outbox/term-over'
import type { Storage } from '../storage/transaction'
import type { CallName } from '../tabs/messages'
import type { Knowledge } from './knowledge'
import type { Office } from './office'
import { changePause, isPauseCall, type PauseCall } from './pause'

const nothingDone: SyncResult = { pushed: 0, pulled: 0, conflicts: 0, failed: 0, duration: 0 }

/** Does what some tab asks of the leader. */
export function answer(
  office: Office,
  knowledge: Pick<Knowledge, 'pauses' | 'isPaused'>,
  storage: Storage,
  name: CallName,
  argument: unknown,
): Promise<unknown> {
  const done = isPauseCall(name)
    ? answerPause(office, knowledge, storage, name, String(argument))
    : answerCall(office, knowledge.isPaused(), name, argument)
  return office.answers(
    done.catch((error: unknown) => {
      throw isTermOver(error) ? new SyncError('no-leader') : error // the next leader does it
    }),
  )
}

/** Pauses or resumes for every tab. A pause has begun when what was on its way is over. */
async function answerPause(
  office: Office,
  knowledge: Pick<Knowledge, 'pauses'>,
  storage: Storage,
  name: PauseCall,
  table: string,
): Promise<void> {
  knowledge.pauses(await changePause(storage, office.epoch, name, table))
  if (name === 'pause' || name === 'pauseTable') await office.work.idle()
  else office.syncSoon()
  await office.settled()
}

/** While sync is paused nothing is done, and that is the answer;
 * only who waits for everything to be in sync waits on. */
async function answerCall(
  office: Office,
  paused: boolean,
  name: Exclude<CallName, PauseCall>,
  argument: unknown,
): Promise<unknown> {
  if (name === 'whenInSync') {
    const done = office.work.inSync.wait()
    if (!paused) office.syncSoon()
    return done
  }
  // A resync that is asked for is remembered, and begins when the pause is over.
  if (paused && name !== 'resync') return nothingDone
  if (!(await office.notice())) throw new SyncError('no-leader')
  office.hurry()
  const result = await office.work.withDecisions(carryOut(office, name, argument))
  await office.settled()
  return result
}

function carryOut(
  { work }: Office,
  name: Exclude<CallName, PauseCall | 'whenInSync'>,
  argument: unknown,
): Promise<SyncResult> {
  switch (name) {
    case 'push':
      return work.push()
    case 'pull':
      return work.pull()
    case 'sync':
      return work.sync()
    case 'syncTable':
      return work.sync([String(argument)])
    case 'resync':
      return work.resync(argument === undefined ? undefined : [String(argument)])
  }
}
