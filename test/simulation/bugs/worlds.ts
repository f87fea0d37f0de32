import type { NetworkFault } from '../network-faults'
import { fairServer } from '../server-weather'
import type { Swarm } from '../swarm'

/** A network with these faults only. */
export function withFaults(rates: Partial<Record<NetworkFault, number>>) {
  return (config: Swarm): Swarm => ({ ...config, weather: { ...config.weather, rates } })
}

/** The server honours Idempotency-Key. */
export function idempotent(config: Swarm): Swarm {
  return { ...config, server: { ...config.server, idempotent: true } }
}

/** Several tabs, many of which are killed, and two of which may lead. */
export function restless(config: Swarm): Swarm {
  return { ...config, tabs: Math.max(2, config.tabs), disruption: 0.4, splitBrain: true }
}

/** A browser without locks: two tabs may be elected, and then both lead until one hears of it (I10). */
export function withoutLocks(config: Swarm): Swarm {
  return { ...config, locksApart: true }
}

/** A slow network: much happens while a request is on its way. */
export function slow(config: Swarm): Swarm {
  return { ...config, weather: { ...config.weather, latency: 1_500 } }
}

export function all(...changes: readonly ((config: Swarm) => Swarm)[]) {
  return (config: Swarm): Swarm => changes.reduce((made, change) => change(made), config)
}

/** Much is done, in good weather. */
export function busy(config: Swarm): Swarm {
  return { ...withFaults({})(config), operations: 60 }
}

/** Every row has a version, on which each write stands: the server checks it, so nothing is looked at before it leaves. */
export function versioned(config: Swarm): Swarm {
  const { server, routes } = config
  const tables = server.tables.map((table) => ({ ...table, versions: true }))
  const route = Object.entries(routes).map(
    ([name, one]) => [name, { ...one, order: 'version' as const }] as const,
  )
  return { ...config, server: { ...server, tables }, routes: Object.fromEntries(route) }
}

/** Updates leave without a look at the server's row. */
export function unlooked(config: Swarm): Swarm {
  const route = { conflicts: { policy: 'client-wins' }, update: 'PATCH', verify: 'pull' } as const
  const names = Object.keys(config.routes)
  return { ...config, devices: 3, routes: Object.fromEntries(names.map((name) => [name, route])) }
}

/** Lists come from replicas that lag, and the app deletes again what it has just made. */
export function behind(config: Swarm): Swarm {
  const serverWeather = { ...fairServer, lag: 60_000 }
  return { ...config, serverWeather, rareWrites: { 'take-back': 12 } }
}

/** Tabs that lead hear nothing of each other: only the database tells them. */
export function deaf(config: Swarm): Swarm {
  return {
    ...config,
    devices: 3,
    messageLoss: 1,
    weather: { ...config.weather, latency: 4_000 },
    interval: 5_000,
  }
}

/** Pages of several rows, which are applied in slices; the library is to be changed for that (`smallSlices`). */
export function sliced(config: Swarm): Swarm {
  return { ...config, pageSize: 50, sliced: true }
}
