import { useLiveQuery } from 'dexie-react-hooks'
import type { Conflict } from 'dexie-rest-sync'
import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Board, Person } from './board'
import { type Mark, marksByKey } from './marks'
import type { NetworkSwitch } from './network-switch'
import type { Session, User } from './session'
import type { Spotlight } from './spotlight'

/** What every part of the device's page can reach. */
export interface Device extends Board {
  readonly network: NetworkSwitch
  readonly session: Session
  readonly spotlight: Spotlight
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

/** Who is logged in on this device. */
export function useUser(): User | undefined {
  const { session } = useDevice()
  return useSyncExternalStore(session.subscribe, session.user)
}

export function useSpotlight(): number | undefined {
  const { spotlight } = useDevice()
  return useSyncExternalStore(spotlight.subscribe, spotlight.getSnapshot)
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

/** Every change that is not at the server: on its way there, or held for a person. */
export function useUnsettled() {
  const { sync } = useDevice()
  return useLiveQuery(() => sync.pending(), [sync]) ?? []
}

/** How many changes have not been taken by the server yet. */
export function useQueueDepth(): number {
  return useUnsettled().filter(({ state }) => state === 'waiting' || state === 'sent').length
}

export function useRefused() {
  const { sync } = useDevice()
  return useLiveQuery(() => sync.deadLetters.list(), [sync]) ?? []
}

/** What was changed in two places, newest first: parked for a person, or settled by a rule and kept. */
export function useConflicts(): RowConflict[] {
  const { sync } = useDevice()
  const conflicts = useLiveQuery(() => sync.conflicts.list(), [sync]) ?? []
  return conflicts.filter(isAboutRow).reverse()
}

/** One without a key is about a deletion of most of a table: this board deletes card by card. */
export type RowConflict = Conflict & { readonly key: string | number }

function isAboutRow(conflict: Conflict): conflict is RowConflict {
  return conflict.key !== undefined
}

function byName(one: Person, other: Person): number {
  return one.name.localeCompare(other.name)
}
