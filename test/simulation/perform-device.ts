import type { Device } from './device'
import type { DeviceFaultAction } from './device-faults'
import { freeze } from './freeze'
import type { StepHooks } from './step-hooks'
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
    case 'clock-jump':
      struck()
      device.skew += action.by
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

function living({ tabs }: Device): Tab[] {
  return tabs.filter((tab) => tab !== undefined)
}

/** A tab in the middle of a read-write transaction: the one at this place before all others. */
function writer({ tabs }: Device, place: number): Tab | undefined {
  return [...tabs.slice(place), ...tabs.slice(0, place)].find((tab) => tab && tab.storage.writing() > 0)
}
