import { appWrite } from './app-writes'
import type { Device } from './device'
import { type DeviceFaultAction, isDeviceFault } from './device-faults'
import { checkNow, lookAfter, signOut, whenPushed } from './engine-calls'
import type { Action, Operation } from './operations'
import { performAtDevice } from './perform-device'
import { performAtServer } from './server-operations'
import { StepHooks } from './step-hooks'
import type { Tab, World } from './world'

/** Puts every operation on the clock, and reopens what it closes. */
export function schedule(world: World, list: readonly Operation[]): { pending(): number } {
  let pending = list.length
  const hooks = new StepHooks(world.scheduler)
  const later = (ms: number, lane: string, work: () => void) => {
    pending++
    world.scheduler.after(
      ms,
      lane,
      () => {
        pending--
        work()
      },
      'world',
    )
  }
  const reopen = (tab: Tab, ms: number) =>
    later(ms, `reopen:${tab.name}`, () => {
      const device = world.devices[tab.device.place]!
      if (!device.tabs[tab.place]) world.open(device, tab.place)
    })

  const kill = (tab: Tab, fault: { readonly locksAfter: number; readonly reopenAfter: number }) => {
    if (!tab.alive) return
    world.kill(tab, fault.locksAfter)
    reopen(tab, fault.reopenAfter)
  }

  list.forEach((operation, index) => {
    const run = () => {
      pending--
      world.scheduler.note(`operation ${index} ${operation.kind}`)
      if (isDeviceFault(operation)) return performAtDevice(world, operation, { hooks, later, kill })
      const device = 'device' in operation ? world.devices[operation.device] : undefined
      const tab = 'tab' in operation ? device?.tabs[operation.tab] : undefined
      switch (operation.kind) {
        case 'server-add':
        case 'server-edit':
        case 'server-delete':
          return performAtServer(world.server, operation)
        case 'offline':
          world.setOnline(device!, false)
          return later(operation.lasting, `online:${operation.device}`, () => world.setOnline(device!, true))
        case 'kill': {
          if (!tab) return
          return hooks.after(operation.afterSteps, () => kill(tab, operation))
        }
        case 'other-user':
          return otherUser(world, device!, operation.lasting, later)
        case 'pause':
          if (!tab) return
          later(operation.lasting, `resume:${operation.device}`, () => resume(world, device!))
          return runInTab(world, tab, operation, (ms) => reopen(tab, ms))
        default:
          if (tab) runInTab(world, tab, operation, (ms) => reopen(tab, ms))
      }
    }
    world.scheduler.after(operation.at, `operation:${index}`, run, 'world')
  })
  return { pending: () => pending + hooks.pending }
}

/** They write, and nothing of it may leave; then the one whose data it is comes back. */
function otherUser(
  world: World,
  device: Device,
  lasting: number,
  later: (ms: number, lane: string, work: () => void) => void,
): void {
  world.logins.logIn(device.name, 'bea')
  later(lasting, `back:${device.name}`, () => {
    world.logins.logIn(device.name, 'ada')
    inSomeTab(world, device, (tab) => tab.engine.sync())
  })
}

/** Whichever tab is there by then: a pause is the database's. */
function resume(world: World, device: Device): void {
  inSomeTab(world, device, (tab) => tab.engine.resume())
}

function inSomeTab(world: World, device: Device, work: (tab: Tab) => Promise<unknown>): void {
  const tab = device.tabs.find((one) => one !== undefined)
  if (!tab) return
  world.call(tab, () => {
    return work(tab)
  })
}

function runInTab(
  world: World,
  tab: Tab,
  operation: Exclude<Extract<Action, { readonly tab: number }>, DeviceFaultAction>,
  reopen: (ms: number) => void,
): void {
  const work = () => {
    switch (operation.kind) {
      case 'sync':
        return tab.engine.sync()
      case 'reload':
        // No call that the tab would wait for.
        void world.close(tab).then(() => reopen(operation.reopenAfter))
        return undefined
      case 'second-leader':
        if (tab.device.channel.electAnother(tab.name)) world.note(tab, 'second-leader')
        return undefined
      case 'when-pushed':
        return whenPushed(world, tab, operation)
      case 'check':
        return checkNow(world, tab, false)
      case 'look-after':
        return lookAfter(world, tab, operation.choice)
      case 'pause':
        return tab.engine.pause()
      case 'sign-out':
        return signOut(world, tab, operation)
      case 'kill':
      case 'other-user':
        return undefined
      default:
        return appWrite(world, tab, operation)
    }
  }
  world.call(tab, work)
}
