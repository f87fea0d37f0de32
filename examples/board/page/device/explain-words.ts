import type { ExplainedEntry, Explanation, Why } from 'dexie-rest-sync'

/** What a row waits for, in words for a person. */
export const whyWords: Record<Why, string> = {
  'nothing-waits': 'Nothing waits: everything done here is at the server.',
  'dead-letter': 'The server refused a change of it. It waits for you: correct, retry or discard it.',
  parked: 'It was changed in two places. It waits for your choice.',
  discarding: 'It was given up. What is on its way settles first.',
  undecided: 'It was changed in two places, and the app is deciding.',
  stopped: 'Sync is not running in this tab.',
  paused: 'Sync is paused.',
  'auth-required': 'It waits for a login.',
  'identity-changed': 'Somebody else is logged in than whose card it is.',
  outdated: 'A newer release of this app is here: reload the page.',
  'newer-code': 'A newer release of this app has made it, and sends it.',
  offline: 'It waits for a connection.',
  'table-paused': 'Cards are paused.',
  'server-away': 'The server is not well, and is left alone for a while.',
  'not-due': 'It was sent, and goes again when its time has come.',
  'on-its-way': 'It is on its way to the server.',
  next: 'It leaves with the next push.',
}

const deeds = { create: 'New card', update: 'Change', delete: 'Deletion' }
const states = { waiting: 'waits', sent: 'sent', dead: 'refused', parked: 'held' }

export function entryWords({ kind, state, at, attempts, reason }: ExplainedEntry): string {
  const said = reason && (reason.message ?? reason.code)
  const failures = attempts ? [attempts === 1 ? '1 failed attempt' : `${attempts} failed attempts`] : []
  return [`${deeds[kind]} of ${clock(at)}: ${states[state]}`, ...failures, ...(said ? [said] : [])].join(
    ' · ',
  )
}

const ends = {
  accepted: 'taken by the server',
  coalesced: 'came to nothing',
  discarded: 'discarded',
  overruled: 'overruled',
}

export function lastWords({ outcome, at }: NonNullable<Explanation['last']>): string {
  return `Last change: ${ends[outcome]} at ${clock(at)}`
}

export function attemptWords(nextAttempt: number): string {
  return `Next attempt at ${clock(nextAttempt)}`
}

function clock(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour12: false })
}
