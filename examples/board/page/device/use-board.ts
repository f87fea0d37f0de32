import { useLiveQuery } from 'dexie-react-hooks'
import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Board, Person } from './board'
import { type Mark, marksByKey } from './marks'
import type { NetworkSwitch } from './network-switch'

/** What every part of the device's page can reach. */
export interface Device extends Board {
  readonly network: NetworkSwitch
}

export const DeviceContext = createContext<Device | undefined>(undefined)

export function useDevice(): Device {
  const device = useContext(DeviceContext)
  if (!device) throw new Error('no device here')
  return device
}

export function useNetworkOn(): boolean {
  const { network } = useDevice()
  return useSyncExternalStore(network.subscribe, network.isOn)
}

/** Where sync stands; a new object only when something changed. */
export function useSyncStatus() {
  const { sync } = useDevice()
  return useSyncExternalStore(sync.subscribe, sync.getSnapshot)
}

export function usePeople(): Person[] {
  const { db } = useDevice()
  return useLiveQuery(async () => (await db.people.toArray()).sort(byName), [db]) ?? []
}

/** What is not settled yet, by key, for one table. */
export function useMarks(table: string): ReadonlyMap<unknown, Mark> {
  const { sync } = useDevice()
  const networkOn = useNetworkOn()
  const pending = useLiveQuery(() => sync.pending(table), [sync, table])
  return marksByKey(pending ?? [], networkOn)
}

/** How many changes have not been taken by the server yet. */
export function useQueueDepth(): number {
  const { sync } = useDevice()
  const pending = useLiveQuery(() => sync.pending(), [sync]) ?? []
  return pending.filter(({ state }) => state === 'waiting' || state === 'sent').length
}

export function useRefused() {
  const { sync } = useDevice()
  return useLiveQuery(() => sync.deadLetters.list(), [sync]) ?? []
}

function byName(one: Person, other: Person): number {
  return one.name.localeCompare(other.name)
}
