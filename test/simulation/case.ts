import { type Operation, operations } from './operations'
import { type Swarm, swarm } from './swarm'

/** All that a run is made of, as plain data: the same case does the same, whatever seeds will mean later. */
export interface Case {
  /** Decides what is left open: which task is next, which request a fault strikes. */
  readonly seed: number
  readonly config: Swarm
  readonly operations: readonly Operation[]
}

/** The case of a seed. `adjust` changes what the seed would make of the world. */
export function caseOf(seed: number, adjust: (config: Swarm) => Swarm = (config) => config): Case {
  const config = adjust(swarm(seed))
  return { seed, config, operations: operations(seed, config) }
}
