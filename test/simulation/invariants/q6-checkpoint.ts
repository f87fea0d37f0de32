import type { Row } from '../../../src/model/change'
import type { Checkpoint } from '../../../src/model/checkpoint'
import type { PullState } from '../../../src/protocol/rest/pull-state'
import type { History, StoredRecord } from '../history'
import { outboxView } from '../outbox-view'
import { overlap } from '../server-weather'
import { keyText } from '../storage'
import type { Evidence, Invariant } from './invariant'
import { isLive } from './values'

/**
 * A checkpoint is never ahead of its rows: whenever one commits, everything the server had committed up to it is
 * there at that version or a newer one, or masked by a waiting change. Within a generation it never goes back.
 */
export const checkpointSoundness: Invariant = {
  name: 'Q6 a checkpoint never passes a row that is not there',
  judge(evidence, reach) {
    return [...evidence.stores.devices.keys()].flatMap((device) => judgeDevice(evidence, device, reach))
  },
}

type Mirror = Map<string, Map<string, StoredRecord>>

function judgeDevice(
  { history, lookback, traceless }: Evidence,
  device: string,
  reach: () => void,
): string[] {
  const broken: string[] = []
  const mirror: Mirror = new Map()
  for (const commit of history.commits) {
    if (commit.device !== device) continue
    for (const { store, key, after } of commit.changes) {
      const records = mirror.get(store) ?? new Map<string, StoredRecord>()
      mirror.set(store, records)
      if (after) records.set(keyText(key), { key, value: after })
      else records.delete(keyText(key))
    }
    for (const { store, before, after } of commit.changes) {
      if (store !== '_sync_checkpoints' || !after) continue
      const checkpoint = after as unknown as Checkpoint
      const time = reached(checkpoint)
      if (time === undefined) continue
      const complete = completeTo(checkpoint, time, lookback)
      if (complete === undefined) continue
      reach()
      if (isOlder(checkpoint, before as Checkpoint | undefined)) {
        broken.push(`${device}: the checkpoint of ${checkpoint.scope} went back at step ${commit.step}`)
      }
      for (const missing of unseen(history, mirror, {
        table: checkpoint.scope,
        time: complete,
        traceless,
        step: commit.step,
      })) {
        broken.push(
          `${device}: at step ${commit.step} the checkpoint of ${checkpoint.scope} passed ${missing}`,
        )
      }
    }
  }
  return broken
}

function isOlder(checkpoint: Checkpoint, before: Checkpoint | undefined): boolean {
  if (before?.generation !== checkpoint.generation) return false
  const [then, now] = [reached(before), reached(checkpoint)]
  return then !== undefined && now !== undefined && now < then
}

interface Look {
  readonly table: string
  readonly time: number
  readonly step: number
  /** Of what was deleted the device is not told. */
  readonly traceless: boolean
}

function unseen(history: History, mirror: Mirror, { table, time, step, traceless }: Look): string[] {
  const latest = new Map<string, Row>()
  for (const effect of history.effects) {
    if (effect.table === table && effect.step <= step) latest.set(keyText(effect.key), effect.row)
  }
  const suspects = [...latest].filter(([key, row]) => {
    if (timeOf(row.updated_at)! > time) return false
    const here = mirror.get(table)?.get(key)?.value
    if (!isLive(row)) return here !== undefined && !traceless
    return here === undefined || (timeOf(here.updated_at) ?? 0) < timeOf(row.updated_at)!
  })
  if (suspects.length === 0) return []
  const stores = new Map([...mirror].map(([store, records]) => [store, [...records.values()]] as const))
  const view = outboxView(stores)
  return suspects.filter(([key]) => !view.masks(table, JSON.parse(key))).map(([key]) => `row ${key}`)
}

/** How far a checkpoint of a pull by time has come. */
function reached(checkpoint: Checkpoint | undefined): number | undefined {
  return timeOf((checkpoint?.value as PullState | undefined)?.keyset?.last.at)
}

/**
 * Up to where all rows must be there. Where rows come to light late, the next run looks for them: that far before this
 * one's end, and further by as long as its pages took; of a run that still goes on nothing can be said.
 */
function completeTo({ value }: Checkpoint, time: number, lookback: number): number | undefined {
  const { next, took = 0 } = (value as PullState).keyset!
  if (lookback < overlap) return time - lookback
  return next ? undefined : time - lookback - took
}

/** A time in either form. */
function timeOf(value: unknown): number | undefined {
  return typeof value === 'string' ? Date.parse(value) : (value as number | undefined)
}
