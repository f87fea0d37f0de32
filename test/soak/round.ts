import { setTimeout as sleep } from 'node:timers/promises'
import type { Prng } from '../simulation/prng'
import { type Device, type Kill, kills } from './device'
import type { Fault } from './faults'
import type { Ledger } from './ledger'
import type { FaultProxy } from './proxy'
import { comeToRest } from './rest'
import type { Vitals } from './vitals'

/** What lives through all rounds. */
export interface Run {
  readonly proxy: FaultProxy
  readonly ledger: Ledger
  readonly complaints: string[]
  readonly chance: Prng
  /** Address of the backend, without the proxy. */
  readonly board: string
  readonly devices: Device[]
}

/** One round: what happened in it, and what the tabs that stay hold in the rest after it. */
export interface Round {
  readonly acknowledged: number
  readonly requests: number
  readonly faults: ReadonlyMap<Fault, number>
  readonly kills: ReadonlyMap<Kill, number>
  /** s until everything was at rest. */
  readonly restTook: number
  readonly vitals: readonly Vitals[]
  /** Errors nobody has caught. */
  readonly complaints: number
}

/** Work in bad weather, then a rest in good weather. */
export async function playRound(run: Run, length: number): Promise<Round> {
  const { proxy, ledger, complaints, devices, chance } = run
  const before = {
    acknowledged: ledger.acknowledged,
    requests: proxy.requests(),
    faults: new Map(proxy.faults),
    complaints: complaints.length,
  }
  const killed = new Map<Kill, number>()
  const end = Date.now() + length * 1_000
  proxy.setStormy(true)
  await Promise.all(devices.map((device) => device.work()))
  while (Date.now() < end) {
    await sleep(Math.min(chance.between(1_000, 3_000), Math.max(0, end - Date.now())))
    const kill = chance.pick(kills)
    await chance.pick(devices).kill(kill, chance)
    killed.set(kill, (killed.get(kill) ?? 0) + 1)
  }
  await Promise.all(devices.map((device) => device.rest()))
  proxy.setStormy(false)
  const restTook = await comeToRest(run.board, devices)
  await Promise.all(devices.map((device) => device.letResidentLead()))
  const vitals: Vitals[] = []
  for (const device of devices) vitals.push(await device.vitals())
  return {
    acknowledged: ledger.acknowledged - before.acknowledged,
    requests: proxy.requests() - before.requests,
    faults: since(before.faults, proxy.faults),
    kills: killed,
    restTook,
    vitals,
    complaints: complaints.length - before.complaints,
  }
}

function since<K>(before: ReadonlyMap<K, number>, after: ReadonlyMap<K, number>): Map<K, number> {
  return new Map([...after].map(([key, count]) => [key, count - (before.get(key) ?? 0)]))
}
