import type { Device } from './device'
import type { StoreChange } from './history'
import { isAppStore } from './invariants/invariant'
import { localOrder } from './invariants/local-order'
import type { Clockwork } from './perform-device'
import type { World } from './world'

/** The power fails: the tabs are gone, and so is what was committed last and not yet on disk. */
export function powerLoss(
  world: World,
  device: Device,
  { commits, reopenAfter }: { readonly commits: number; readonly reopenAfter: number },
  { later }: Clockwork,
  struck: () => void,
): void {
  for (const tab of device.tabs) if (tab) world.kill(tab, 0)
  const lost = device.storage.loseCommits(commits)
  if (lost.length > 0) struck()
  undo(world, device, lost)
  reopenAll(world, device.place, reopenAfter, later)
}

/** Takes the lost commits of a device out of what has happened. */
function undo(
  { history, scheduler }: World,
  { name }: Device,
  lost: readonly (readonly StoreChange[])[],
): void {
  const isLost = new Set(lost)
  const kept = history.commits.filter(({ changes }) => !isLost.has(changes))
  history.commits.splice(0, history.commits.length, ...kept)
  scheduler.note(`${name} lost ${lost.length} commits`)
  const { writes, deletions } = localOrder(history, name)
  const gone = new Set(
    lost
      .flat()
      .filter(isDeletion)
      .map(({ store, before }) => `${store} ${String(before!.birth)}`),
  )
  for (const { table, birth } of deletions) gone.delete(`${table} ${birth}`)
  for (const write of history.writes.values()) {
    if (write.device !== name || write.state !== 'acknowledged') continue
    const isUndone =
      write.kind === 'delete'
        ? gone.has(`${write.table} ${write.birth}`)
        : write.fields.length > 0 && !writes.has(write.id)
    if (isUndone) write.state = 'undone'
  }
}

function isDeletion({ store, before, after }: StoreChange): boolean {
  return isAppStore(store) && before !== undefined && after === undefined
}

/** All that the device has stored is gone. */
export function evict(
  world: World,
  device: Device,
  { reopenAfter }: { readonly reopenAfter: number },
  { later }: Clockwork,
  struck: () => void,
): void {
  const { history, logins, scheduler } = world
  struck()
  for (const tab of device.tabs) if (tab) world.kill(tab, 0)
  history.evicted.push(device.name)
  const life = history.evicted.filter((name) => name.split('.')[0] === device.name.split('.')[0]).length
  const next = world.createAnew(device.place, life)
  next.skew = device.skew
  history.clocks.push({ step: scheduler.steps, device: next.name, skew: next.skew })
  logins.logIn(next.name, logins.user(device.name))
  world.devices[device.place] = next
  reopenAll(world, device.place, reopenAfter, later)
}

/** Steps to wait for a moment in which nobody writes. */
const patience = 500

export function loseCheckpoints({ tabs, storage }: Device, { hooks }: Clockwork, struck: () => void): void {
  const isQuiet = () => tabs.every((tab) => !tab || tab.storage.writing() === 0)
  hooks.when(isQuiet, patience, (met) => {
    if (!met || storage.records('_sync_checkpoints').length === 0) return
    struck()
    storage.empty('_sync_checkpoints')
  })
}

function reopenAll(world: World, place: number, ms: number, later: Clockwork['later']): void {
  later(ms, `reopen:d${place}`, () => {
    const device = world.devices[place]!
    for (let i = 0; i < world.config.tabs; i++) if (!device.tabs[i]) world.open(device, i)
  })
}
