import Dexie from 'dexie'

/** Dexie's promise zones: where it keeps the current transaction. Public on its Promise, but not in its types. */
interface Zones {
  readonly PSD: object
  newPSD<T>(run: () => T, facts: object): T
  usePSD<T>(zone: object, run: () => T): T
}

const zones = Dexie.Promise as unknown as Zones
const { usePSD: enter } = zones

/** The zone now. */
export function currentZone(): object {
  return zones.PSD
}

/** Runs in a new zone that has these facts. */
export function inNewZone<T>(facts: object, run: () => T): T {
  return zones.newPSD(run, facts)
}

/** Runs in a zone kept from earlier. */
export function inZone<T>(zone: object, run: () => T): T {
  return enter(zone, run)
}
