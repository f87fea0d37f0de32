import { opId, type StoredLogRecord } from '../../../src/model/change'
import type { EntryRef } from '../../../src/model/entry'
import type { DeadLetter } from '../../../src/model/held'
import type { Commit, SentRequest, StoreChange } from '../history'
import { outboxView } from '../outbox-view'
import type { Evidence, Invariant } from './invariant'

/**
 * At the end nothing waits but what is held for a person; a change is at one place only: on its way, a dead letter or
 * parked; and behind every dead letter stands a refusal of the server's own.
 */
export const terminal: Invariant = {
  name: 'Q5 nothing waits at the end but what is held for a reason',
  judge: (evidence, reach) => [
    ...leftWaiting(evidence),
    ...inTwoPlaces(evidence),
    ...letters(evidence, reach),
  ],
}

function leftWaiting({ stores }: Evidence): string[] {
  return [...stores.devices].flatMap(([device, held]) => {
    const { waiting, fences } = outboxView(held)
    const free = waiting.filter((change) => !change.held).length
    return free + fences > 0 ? [`${free} changes and ${fences} requests wait on ${device} at the end`] : []
  })
}

const places: ReadonlySet<string> = new Set(['_sync_fences', '_sync_letters', '_sync_conflicts'])

function inTwoPlaces({ history }: Evidence): string[] {
  const holders = new Map<string, Set<string>>()
  return history.commits.flatMap(({ device, tab, step, changes }) => {
    const moved = changes.filter(({ store }) => places.has(store))
    for (const change of moved)
      for (const name of entriesIn(device, change.before)) holders.get(name)?.delete(holderOf(change))
    const added = moved.flatMap((change) => {
      const names = entriesIn(device, change.after)
      for (const name of names) holders.set(name, (holders.get(name) ?? new Set()).add(holderOf(change)))
      return names
    })
    return [...new Set(added)]
      .filter((name) => holders.get(name)!.size > 1)
      .map((name) => `${tab} at step ${step}: ${name} is in ${[...holders.get(name)!].join(' and ')}`)
  })
}

function holderOf({ store, key }: StoreChange): string {
  return `${store} ${String(key)}`
}

/** The changes that a fence, a dead letter or a parked conflict holds. */
function entriesIn(device: string, row: StoreChange['after']): string[] {
  if (!row || row.state === 'decided') return []
  const items = (row.items ?? [row]) as readonly { readonly entries?: readonly EntryRef[] }[]
  return items.flatMap(({ entries = [] }) => entries.map((ref) => `${device} entry ${ref.join('.')}`))
}

function letters({ history }: Evidence, reach: () => void): string[] {
  const sent = byKey(history.requests)
  const log = new Map<string, StoredLogRecord>()
  return history.commits.flatMap((commit) => {
    for (const { store, key, after } of commit.changes)
      if (store === '_sync_log' && after)
        log.set(`${commit.device} ${String(key)}`, after as unknown as StoredLogRecord)
    return commit.changes.flatMap(({ store, before, after }) => {
      if (store !== '_sync_letters' || before || !after) return []
      reach()
      const letter = after as unknown as DeadLetter
      const tries = sent.get(`${commit.device} ${letter.id}`) ?? []
      const records = letter.entries.map(([seq, index]) => ({
        record: log.get(`${commit.device} ${seq}`),
        index,
      }))
      const known = records.some(
        ({ record, index }) =>
          record && (opId(record.id, index) === letter.id || record.resends === letter.id),
      )
      const complaint = isForeign(letter, commit) ? incomplete(letter) : fault(letter, tries, known)
      const where = `${commit.tab} at step ${commit.step}: the letter of a ${letter.kind} of ${letter.table}`
      return complaint === undefined ? [] : [`${where} ${complaint}`]
    })
  })
}

/** Made when the database changed hands (I11): nobody has refused it. */
function isForeign({ reason }: DeadLetter, { changes }: Commit): boolean {
  return reason.code === 'foreign-base' && changes.some(({ store }) => store === '_sync_meta')
}

function fault(letter: DeadLetter, tries: readonly SentRequest[], known: boolean): string | undefined {
  const { reason, attempts, inDoubt } = letter
  if (!known) return 'has an id that is none of its changes'
  if (reason.code === 'key-reused') return 'says that its request did not stay the same'
  const refusal = tries.find(({ answered = 0 }) => answered >= 400 && answered !== 401)
  // It was made, but the answer did not tell its key.
  const isMade = inDoubt && tries.some(({ answered = 0 }) => answered > 0 && answered < 300)
  const isSpent = spending.has(reason.code) && attempts > maxRetries
  if (!refusal && !isMade && !isSpent) return `has no refusal behind it, only ${reason.code}`
  if (refusal && !isMade && !isSpent && reason.status !== refusal.answered)
    return `says ${reason.status} where the server said ${refusal.answered}`
  return incomplete(letter)
}

/** The default of `errors.maxRetries`. */
const maxRetries = 5
/** What spends attempts while the server answers others well (I9, FAULTS C13). */
const spending: ReadonlySet<string> = new Set(['server-failed', 'redirected', 'bad-answer'])

/** Clocks may be set: its times need no order. */
function incomplete({ reason, attempts, firstSentAt, at, entries }: DeadLetter): string | undefined {
  const isWhole =
    reason.code && attempts >= 0 && firstSentAt > 0 && at > 0 && reason.at > 0 && entries.length > 0
  return isWhole ? undefined : 'does not say all it should'
}

function byKey(requests: readonly SentRequest[]): Map<string, SentRequest[]> {
  const keys = new Map<string, SentRequest[]>()
  for (const request of requests) {
    if (request.idempotencyKey === undefined) continue
    const name = `${request.device} ${request.idempotencyKey}`
    const known = keys.get(name)
    if (known) known.push(request)
    else keys.set(name, [request])
  }
  return keys
}
