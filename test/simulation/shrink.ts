import type { Case } from './case'
import type { Operation } from './operations'
import type { Swarm } from './swarm'

/** Answers whether a case still fails in the way that is looked for. */
type Fails = (smaller: Case) => Promise<boolean>

/**
 * Makes a failing case small: first without operations (ddmin: ever smaller parts are left out), then without faults,
 * people, tabs and devices, then once more without operations. Gives up after `budget` runs with what it has by then.
 */
export async function shrink(failing: Case, fails: Fails, budget: number): Promise<Case> {
  let runs = 0
  const still: Fails = async (smaller) => runs++ < budget && fails(smaller)
  let best = await withoutOperations(failing, still)
  best = await simpler(best, still)
  return withoutOperations(best, still)
}

async function withoutOperations(failing: Case, fails: Fails): Promise<Case> {
  let list = failing.operations
  let parts = 2
  while (list.length > 1) {
    const size = Math.ceil(list.length / parts)
    const smaller = await leaveOut(list, size, (operations) => fails({ ...failing, operations }))
    if (smaller) {
      list = smaller
      parts = Math.max(2, parts - 1)
    } else if (size === 1) {
      break
    } else {
      parts = Math.min(list.length, parts * 2)
    }
  }
  return { ...failing, operations: list }
}

/** The list without one of its parts of this size, where that still fails. */
async function leaveOut(
  list: readonly Operation[],
  size: number,
  fails: (operations: readonly Operation[]) => Promise<boolean>,
): Promise<readonly Operation[] | undefined> {
  for (let from = 0; from < list.length; from += size) {
    const rest = [...list.slice(0, from), ...list.slice(from + size)]
    if (rest.length > 0 && (await fails(rest))) return rest
  }
  return undefined
}

async function simpler(failing: Case, fails: Fails): Promise<Case> {
  let best = failing
  for (const simplify of simplifications(failing.config)) {
    const config = simplify(best.config)
    if (JSON.stringify(config) === JSON.stringify(best.config)) continue
    const smaller = { ...best, config, operations: inPlace(best.operations, config) }
    if (await fails(smaller)) best = smaller
  }
  return best
}

/** From what makes a case much simpler to what makes it a little so. */
function simplifications(config: Swarm): readonly ((config: Swarm) => Swarm)[] {
  const calm = { throws: 0, hangs: 0 }
  const without = (fault: string) => (each: Swarm) => ({
    ...each,
    weather: { ...each.weather, rates: { ...each.weather.rates, [fault]: 0 } },
  })
  return [
    (each) => ({ ...each, devices: Math.min(1, each.devices) }),
    (each) => ({ ...each, devices: Math.min(2, each.devices) }),
    (each) => ({ ...each, devices: Math.min(3, each.devices) }),
    (each) => ({ ...each, tabs: Math.min(1, each.tabs) }),
    (each) => ({ ...each, tabs: Math.min(2, each.tabs) }),
    (each) => ({ ...each, weather: { ...each.weather, rates: {}, spells: [] } }),
    (each) => ({ ...each, weather: { ...each.weather, spells: [] } }),
    ...Object.keys(config.weather.rates).map(without),
    (each) => ({ ...each, logins: { ...each.logins, ...calm, expires: 0 } }),
    (each) => ({ ...each, judgement: { ...each.judgement, ...calm, garbage: 0 } }),
    (each) => ({ ...each, code: { ...each.code, ...calm, garbage: 0, late: 0 } }),
    (each) => ({ ...each, skews: each.skews.map(() => 0) }),
    (each) => ({ ...each, messageLoss: 0, messages: { late: 0, twice: 0 } }),
    (each) => ({ ...each, lateLocks: 0 }),
    (each) => ({ ...each, stepCost: 0 }),
    (each) => ({ ...each, pageSize: 50, concurrency: 1, batchSize: 50 }),
  ]
}

/** Without what happens on devices that are not there any more. */
function inPlace(operations: readonly Operation[], { devices }: Swarm): readonly Operation[] {
  return operations.filter((operation) => !('device' in operation) || operation.device < devices)
}
