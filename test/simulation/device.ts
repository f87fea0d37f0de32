import { DeviceChannel } from './channel'
import { CrookedMessages } from './crooked-messages'
import type { History, StoreChange } from './history'
import { DeviceLocks } from './locks'
import { type Prng, prng } from './prng'
import type { Scheduler } from './scheduler'
import { DeviceStorage, keyText } from './storage'
import type { Struck } from './struck'
import type { Swarm } from './swarm'
import type { Tab } from './world'

export interface Device {
  readonly name: string
  /** Among the others. */
  readonly place: number
  readonly storage: DeviceStorage
  readonly channel: DeviceChannel
  readonly messages: CrookedMessages
  readonly locks: DeviceLocks
  /** How far its clock is off, ms. */
  skew: number
  /** By place; undefined while closed. */
  readonly tabs: (Tab | undefined)[]
}

interface DeviceParts {
  readonly seed: number
  readonly config: Swarm
  readonly scheduler: Scheduler
  readonly history: History
  readonly struck: Struck
  readonly faults: Prng
  /** Names its database. */
  readonly database: string
}

/** The device at a place among the others; `life`: how often it lost all it had. */
export function createDevice(place: number, parts: DeviceParts, life = 0): Device {
  const { seed, config, scheduler, history, struck, faults, database } = parts
  const name = deviceName(place, life)
  const storage = new DeviceStorage(database, ({ tab, stores, changes }) => {
    const { steps: step } = scheduler
    history.commits.push({ step, at: scheduler.now(), device: name, tab, stores, changes })
    scheduler.trace?.(`${tab} committed ${changes.map(changeText).join(', ')}`)
  })
  const messages = new CrookedMessages(config.messages, prng(seed, `messages of ${name}`), struck)
  const lose = (probability: number) => {
    const isLost = faults.chance(probability)
    if (isLost) struck.count('message-lost')
    return isLost
  }
  const channel = new DeviceChannel(scheduler, name, lose, messages)
  channel.loss = config.messageLoss
  const note = (what: 'lock-stolen' | 'second-leader') => (tab: string) => {
    history.tabs.push({ step: scheduler.steps, device: name, tab, what })
  }
  const twoHold = (tab: string, lock: string) => {
    struck.count('locks-apart')
    if (lock.endsWith(':drain')) note('second-leader')(tab)
  }
  const locks = new DeviceLocks(scheduler, name, note('lock-stolen'), config.locksApart ? twoHold : undefined)
  const skew = config.skews[place] ?? 0
  history.clocks.push({ step: 0, device: name, skew })
  return { name, place, storage, channel, messages, locks, skew, tabs: [] }
}

export function deviceName(place: number, life: number): string {
  return life === 0 ? `d${place}` : `d${place}.${life}`
}

function changeText({ store, key, after }: StoreChange): string {
  return `${after ? '' : '-'}${store} ${keyText(key)}${after?.birth ? ` ${String(after.birth)}` : ''}`
}
