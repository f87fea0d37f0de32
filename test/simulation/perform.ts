import { appWrite } from './app-writes'
import { checkNow, lookAfter, signOut, whenPushed } from './engine-calls'
import type { Action, Operation } from './operations'
import { performAtServer } from './server-operations'
import type { Device, Tab, World } from './world'

/** Puts every operation on the clock, and reopens what it closes. */
export function schedule(world: World, list: readonly Operation[]): { pending(): number } {
  let pending = list.length
  const kills: { readonly step: number; readonly kill: () => void }[] = []
  world.scheduler.beforeStep = (step) => {
    while (kills.length > 0 && kills[0]!.step <= step) kills.shift()!.kill()
  }
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
      if (!tab.device.tabs[tab.place]) world.open(tab.device, tab.place)
    })

  list.forEach((operation, index) => {
    const run = () => {
      pending--
      world.scheduler.note(`operation ${index} ${operation.kind}`)
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
          const kill = () => {
            if (!tab.alive) return
            world.kill(tab, operation.locksAfter)
            reopen(tab, operation.reopenAfter)
          }
          kills.push({ step: world.scheduler.steps + operation.afterSteps, kill })
          kills.sort((a, b) => a.step - b.step)
          return
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
  return { pending: () => pending }
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
  if (tab) world.call(tab, () => work(tab))
}

function runInTab(
  world: World,
  tab: Tab,
  operation: Extract<Action, { readonly tab: number }>,
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
