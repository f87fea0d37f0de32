import type { Dexie } from 'dexie'
import type { Device } from './device'
import type { Clockwork } from './perform-device'
import type { World } from './world'

/**
 * A newer release in another window upgrades the database: every connection is told to close, and none opens before that
 * is done. The app opens its own again when it is used next (FAULTS E5, F9).
 */
export function upgrade(
  world: World,
  device: Device,
  { lasting }: { readonly lasting: number },
  { later }: Clockwork,
  struck: () => void,
): void {
  const { scheduler } = world
  const open = (connection: IDBDatabase) => {
    struck()
    scheduler.note(`${device.name} upgraded to ${connection.version}`)
    // It makes room as well: while somebody is in the way of another the time of a run stands still.
    connection.addEventListener('versionchange', () => connection.close())
    later(lasting, `upgraded:${device.name}`, () => {
      connection.close()
      for (const tab of device.tabs) if (tab) world.call(tab, () => tab.db.open())
    })
  }
  scheduler.as(device.name, () => device.storage.upgrade(open))
}

/** As Dexie does by itself, but without a word on the console. */
export function closeWhenAsked(db: Dexie): void {
  db.on('versionchange', () => {
    db.close({ disableAutoOpen: false })
    return false
  })
}
