import type { Device } from './device'
import type { DeviceFaultAction } from './device-faults'
import { evict, loseCheckpoints, powerLoss } from './device-losses'
import { freeze } from './freeze'
import type { StepHooks } from './step-hooks'
import { upgrade } from './upgrade'
import type { Tab, World } from './world'

/** How a fault goes on when it has begun. */
export interface Clockwork {
  readonly hooks: StepHooks
  /** Virtual ms; waited for before the run ends. */
  readonly later: (ms: number, lane: string, work: () => void) => void
  readonly kill: (tab: Tab, how: { readonly locksAfter: number; readonly reopenAfter: number }) => void
}

/** Does to a device, or to one of its tabs, what is to befall it. */
export function performAtDevice(world: World, action: DeviceFaultAction, clockwork: Clockwork): void {
  const device = world.devices[action.device]!
  const tab = device.tabs[action.tab]
  const { later } = clockwork
  const struck = () => world.struck.count(action.kind)
  const rolledBack = ({ name }: Tab) =>
    world.history.rollbacks.push({ step: world.scheduler.steps, tab: name })
  switch (action.kind) {
    case 'kill-writing':
      killWriting(device, action, clockwork, struck)
      break
    case 'freeze':
      if (tab) freeze(world, [tab], action, clockwork, struck)
      break
    case 'sleep':
      freeze(world, living(device), { ...action, told: false }, clockwork, struck)
      break
    case 'rob-locks':
      if (living(device).some(({ name }) => device.locks.rob(name))) struck()
      break
    case 'withhold-locks':
      struck()
      device.locks.withhold()
      later(action.lasting, `locks:${device.name}`, () => device.locks.restore())
      break
    case 'hide':
      if (!tab) break
      struck()
      tab.environment.hide(true)
      later(action.lasting, `visible:${tab.name}`, () => tab.environment.hide(false))
      break
    case 'stop-start':
      if (!tab) break
      struck()
      world.call(tab, () => tab.engine.stop())
      later(action.lasting, `start:${tab.name}`, () => {
        if (tab.alive) world.start(tab)
      })
      break
    case 'resync':
      if (!tab) break
      struck()
      world.call(tab, () => tab.engine.resync())
      break
    case 'quota-write':
      // Log and rows, and nothing that only sync writes to.
      inTransaction(
        device,
        action,
        clockwork,
        { of: ['_sync_log'], not: ['_sync_leader'] },
        (tab, stores) => {
          tab.storage.fill(stores.of, stores.not)
          rolledBack(tab)
          struck()
        },
      )
      break
    case 'quota-page':
      inTransaction(device, action, clockwork, { of: ['_sync_checkpoints'], not: [] }, (tab, stores) => {
        tab.storage.fill(stores.of, stores.not)
        rolledBack(tab)
        struck()
      })
      break
    case 'power-loss':
      powerLoss(world, device, action, clockwork, struck)
      break
    case 'evict':
      evict(world, device, action, clockwork, struck)
      break
    case 'lose-checkpoints':
      loseCheckpoints(device, clockwork, struck)
      break
    case 'upgrade':
      upgrade(world, device, action, clockwork, struck)
      break
    case 'lose-connection':
      loseConnection(device, action, clockwork, (tab) => {
        rolledBack(tab)
        struck()
      })
      break
    case 'set-clock':
      struck()
      device.skew += action.by
      world.history.clocks.push({ step: world.scheduler.steps, device: device.name, skew: device.skew })
      break
  }
}

function killWriting(
  device: Device,
  action: Extract<DeviceFaultAction, { kind: 'kill-writing' }>,
  { hooks, kill }: Clockwork,
  struck: () => void,
): void {
  const found = () => writer(device, action.tab)
  hooks.when(
    () => found() !== undefined,
    action.within,
    (met) => {
      const tab = met ? found() : undefined
      if (!tab) return
      hooks.after(action.afterSteps, () => {
        if (!tab.alive) return
        struck()
        kill(tab, action)
      })
    },
  )
}

interface Scope {
  readonly of: readonly string[]
  readonly not: readonly string[]
}

/** Strikes a transaction over these stores, some steps after its first; where there is none within the time, nothing. */
function inTransaction(
  device: Device,
  { within, skip }: { readonly within: number; readonly skip: number },
  { hooks }: Clockwork,
  stores: Scope,
  strike: (tab: Tab, stores: Scope) => void,
): void {
  let left = skip
  const open = () => living(device).find(({ storage }) => storage.isWritingTo(stores.of, stores.not))
  const ready = () => open() !== undefined && left-- <= 0
  hooks.when(ready, within, (met) => {
    const tab = met ? open() : undefined
    if (tab) strike(tab, stores)
  })
}

/** In the middle of a transaction, where there is one in time. */
function loseConnection(
  device: Device,
  action: Extract<DeviceFaultAction, { readonly skip: number }>,
  { hooks }: Clockwork,
  struck: (tab: Tab) => void,
): void {
  let left = action.skip
  const ready = () => writer(device, action.tab) !== undefined && left-- <= 0
  hooks.when(ready, action.within, () => {
    const tab = writer(device, action.tab) ?? device.tabs[action.tab]
    if (!tab) return
    struck(tab)
    tab.storage.lose()
  })
}

function living({ tabs }: Device): Tab[] {
  return tabs.filter((tab) => tab !== undefined)
}

/** A tab in the middle of a read-write transaction: the one at this place before all others. */
function writer({ tabs }: Device, place: number): Tab | undefined {
  return [...tabs.slice(place), ...tabs.slice(0, place)].find((tab) => tab && tab.storage.writing() > 0)
}
