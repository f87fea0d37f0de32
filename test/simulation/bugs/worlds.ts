import type { NetworkFault } from '../network-faults'
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

/** The library knows which version of a row is the newer one. */
export function ordered(config: Swarm): Swarm {
  const routes = Object.entries(config.routes).map(
    ([name, route]) => [name, { ...route, updatedAt: 'updated_at' as const }] as const,
  )
  return { ...config, routes: Object.fromEntries(routes) }
}

/** Updates leave without a look at the server's row. */
export function unlooked(config: Swarm): Swarm {
  const route = { conflicts: { policy: 'client-wins' }, update: 'PATCH', verify: 'pull' } as const
  const names = Object.keys(config.routes)
  return { ...config, devices: 3, routes: Object.fromEntries(names.map((name) => [name, route])) }
}
