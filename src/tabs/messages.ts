import type { SyncEvent } from '../model/event'
import type { ClockMemory } from '../model/stamp'
import type { SyncStatus } from '../model/status'
import type { PulledAt } from '../status/freshness'
import type { SharedStatus } from '../status/reduce'
import type { Tallies } from '../status/tally'
import { isClock, isCounts, isEvent, isSharedStatus, isTallies, isTimes } from './message-facts'
import { isCount, isObject, isShort, isShortList, maybe } from './shape'
import { isWireError, type WireError } from './wire-error'

/** What followers may ask of the leader. */
export type CallName =
  | 'sync'
  | 'push'
  | 'pull'
  | 'pause'
  | 'resume'
  | 'syncTable'
  | 'whenInSync'
  | 'resync'
  | 'pauseTable'
  | 'resumeTable'

/**
 * What tabs of one database say to each other. Hints only: any of it may be lost, late, doubled, or come from a tab
 * that runs another release; nothing rests on it but speed. `from` names the tab that speaks.
 */
export type TabMessage = { readonly from: string } & (
  | {
      /** Something was committed in these tables and waits in the outbox. */
      readonly kind: 'wake'
      readonly tables: readonly string[]
      /** By a call on dead letters or conflicts, whose numbers have changed. */
      readonly held: boolean
    }
  | { readonly kind: 'event'; readonly event: SyncEvent }
  | {
      /** What the leader knows, and what waits and is held. */
      readonly kind: 'status'
      readonly epoch: number
      readonly status: SharedStatus
      readonly counts: Pick<SyncStatus, 'pending' | 'deadLetters' | 'conflicts'>
      readonly pulledAt: PulledAt
      readonly tallies: Tallies
      /** What time it is at the server. */
      readonly clock?: ClockMemory
    }
  | {
      /** This tab wants to know what the leader knows; to it these tables seem stale. */
      readonly kind: 'ask-status'
      readonly stale: readonly string[]
    }
  | { readonly kind: 'call'; readonly id: string; readonly name: CallName; readonly argument?: unknown }
  | {
      /** The leader has the call and works on it. */
      readonly kind: 'heard'
      readonly id: string
    }
  | { readonly kind: 'answer'; readonly id: string; readonly value?: unknown }
  | { readonly kind: 'failure'; readonly id: string; readonly error: WireError }
  | {
      /** Is the leader alive? */
      readonly kind: 'ping'
      readonly id: string
    }
  | { readonly kind: 'pong'; readonly id: string; readonly epoch: number }
  | {
      /** This tab leads from now on. */
      readonly kind: 'leader'
      readonly epoch: number
    }
  | {
      /** Somebody was signed out: nobody leads until a term begins after this epoch. */
      readonly kind: 'vacated'
      readonly epoch: number
    }
)

/** Changes when a message changes its meaning; a tab ignores what carries another one. */
const version = 1

/** A message as it goes over the channel. */
export function sealed(message: TabMessage): unknown {
  return { v: version, ...message }
}

/** The message in what another tab sent; undefined where this release does not know it or it is malformed (S19). */
export function readMessage(sent: unknown): TabMessage | undefined {
  if (!isObject(sent) || sent.v !== version || !isShort(sent.from)) return undefined
  const wellFormed = typeof sent.kind === 'string' && Object.hasOwn(forms, sent.kind)
  if (!wellFormed || !forms[sent.kind as TabMessage['kind']](sent)) return undefined
  const { v, ...message } = sent
  return message as unknown as TabMessage
}

const callNames: Readonly<Record<CallName, true>> = {
  sync: true,
  push: true,
  pull: true,
  pause: true,
  resume: true,
  syncTable: true,
  whenInSync: true,
  resync: true,
  pauseTable: true,
  resumeTable: true,
}

const forms: Readonly<Record<TabMessage['kind'], (sent: Record<string, unknown>) => boolean>> = {
  wake: ({ tables, held }) => isShortList(tables) && typeof held === 'boolean',
  event: ({ event }) => isEvent(event),
  status: ({ epoch, status, counts, pulledAt, tallies, clock }) =>
    isCount(epoch) &&
    isSharedStatus(status) &&
    isCounts(counts) &&
    isTimes(pulledAt) &&
    isTallies(tallies) &&
    maybe(clock, isClock),
  'ask-status': ({ stale }) => isShortList(stale),
  call: ({ id, name, argument }) =>
    isShort(id) && typeof name === 'string' && Object.hasOwn(callNames, name) && maybe(argument, isShort),
  heard: ({ id }) => isShort(id),
  answer: ({ id }) => isShort(id),
  failure: ({ id, error }) => isShort(id) && isWireError(error),
  ping: ({ id }) => isShort(id),
  pong: ({ id, epoch }) => isShort(id) && isCount(epoch),
  leader: ({ epoch }) => isCount(epoch),
  vacated: ({ epoch }) => isCount(epoch),
}
