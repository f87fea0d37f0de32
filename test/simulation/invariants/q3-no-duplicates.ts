import type { Row } from '../../../src/model/change'
import type { Effect, History, StoreChange } from '../history'
import { keptFor } from '../server-keys'
import { keyText } from '../storage'
import type { Invariant } from './invariant'

/**
 * No device creates a record twice where the backend gives what that rests on: Idempotency-Key or keys made by the
 * app. A record that was deleted may be created again, by each device whose edit has won over the deletion. And no two
 * effects share an Idempotency-Key.
 */
export const noDuplicates: Invariant = {
  name: 'Q3 nothing is created twice',
  judge({ history, idempotent, clientKeys }, reach) {
    const broken: string[] = []
    const living = new Map<string, Set<string>>()
    const keys = new Map<string, Effect>()
    for (const effect of history.effects) {
      const { method, table, row, before, idempotencyKey, device } = effect
      const first = idempotencyKey === undefined ? undefined : keys.get(idempotencyKey)
      if (first && excuses.some((excuse) => excuse(history, first, effect))) continue
      if (idempotent && first) broken.push(`two effects under the Idempotency-Key ${first.idempotencyKey}`)
      if (idempotencyKey !== undefined) keys.set(idempotencyKey, effect)
      const birth = `${table} ${String((before ?? row).birth)}`
      // Made of what somebody typed on a row of another login (decision 022): several such are several records.
      if ((before ?? row).birth === undefined) continue
      if (method === 'DELETE') living.delete(birth)
      if (method !== 'POST') continue
      reach()
      const makers = living.get(birth) ?? new Set()
      const rests = idempotent || clientKeys.has(table)
      const mayAgain = isDecided(history, effect, row.birth) || wonUnderBothKeys(history, effect, row.birth)
      if (makers.has(device) && rests && !mayAgain) {
        broken.push(`${birth} was created twice by ${device}`)
      }
      living.set(birth, makers.add(device))
    }
    return broken
  },
}

/** A person had a dead letter sent again, which the server had forgotten: whether it had arrived nobody could know. */
function isSentAgain({ commits }: History, first: Effect, { at, device, idempotencyKey }: Effect): boolean {
  if (at - first.at < keptFor) return false
  return commits.some(
    (commit) =>
      commit.device === device &&
      commit.at > first.at &&
      commit.changes.some(
        ({ store, key, after }) => store === '_sync_letters' && key === idempotencyKey && after === undefined,
      ),
  )
}

/** Others had deleted what was made, and the server had forgotten the key: asked for it, it would say it never was. */
function isMadeAnew({ effects }: History, first: Effect, { at, table, key }: Effect): boolean {
  if (at - first.at < keptFor) return false
  return effects.some(
    (one) =>
      one.method === 'DELETE' &&
      one.device !== first.device &&
      one.table === table &&
      one.key === key &&
      one.at >= first.at &&
      one.at <= at,
  )
}

/**
 * The clock of the device was set back, so that the key seemed young, and the tab that sent it again had not heard since it
 * was opened what time it is at the server: nothing on the device could tell that the server had forgotten it.
 */
function seemedYoung({ clocks, requests }: History, first: Effect, effect: Effect): boolean {
  const { at, step, device, idempotencyKey } = effect
  const settings = clocks.filter((clock) => clock.device === device && clock.step < step)
  const before = settings.filter((clock) => clock.step <= first.step).at(-1)
  const setBy = (settings.at(-1)?.skew ?? 0) - (before?.skew ?? 0)
  if (at - first.at < keptFor || at - first.at + setBy >= keptFor) return false
  const sent = requests.filter(
    (one) => one.device === device && one.idempotencyKey === idempotencyKey && one.sentAt <= step,
  )
  const { tab, sentAt } = sent.at(-1) ?? {}
  return !requests.some((one) => one.tab === tab && one.answered !== undefined && one.endedAt! < sentAt!)
}

const excuses = [isSentAgain, isMadeAnew, seemedYoung]

/** A person had a create sent again of which nobody could say any more whether the record had been made. */
function isDecided({ commits }: History, { device, step }: Effect, birth: unknown): boolean {
  return commits.some(
    (commit) =>
      commit.device === device &&
      commit.step < step &&
      commit.changes.some(
        ({ store, before, after }) =>
          store === '_sync_conflicts' &&
          before?.code === 'unknown-outcome' &&
          before.state === 'parked' &&
          after?.state !== 'parked' &&
          (before.local as Row | undefined)?.birth === birth,
      ),
  )
}

/** The record was here under two keys when others deleted it: an edit of each may win over the deletion. */
function wonUnderBothKeys({ commits }: History, { device, step, table }: Effect, birth: unknown): boolean {
  const own = commits.filter((commit) => commit.device === device && commit.step < step)
  const isWin = ({ store, before, after }: StoreChange) =>
    store === '_sync_conflicts' &&
    !before &&
    after?.decision === 'local' &&
    after.remote === null &&
    (after.local as Row | undefined)?.birth === birth
  const wins = own.flatMap(({ changes }, at) => changes.filter(isWin).map(() => at))
  const keys = new Set<string>()
  for (const { store, key, before, after } of own.slice(0, wins[0]).flatMap(({ changes }) => changes)) {
    if (store !== table || (after ?? before)?.birth !== birth) continue
    if (after) keys.add(keyText(key))
    else keys.delete(keyText(key))
  }
  return wins.length > 1 && keys.size > 1
}
