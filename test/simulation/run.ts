import { type Case, caseOf } from './case'
import { checkAll } from './engine-calls'
import type { History, Stores, TabMoment } from './history'
import { judge } from './invariants'
import type { Verdict } from './invariants/invariant'
import { schedule } from './perform'
import { quiesce } from './quiesce'
import { lookback, nightLong } from './server-weather'
import type { Swarm } from './swarm'
import { type StartEngine, World } from './world'

export interface RunOptions {
  readonly startEngine: StartEngine
  /** Hears every step. */
  readonly trace?: (line: string) => void
}

/** What a run did and whether every promise held. */
export interface Report {
  readonly seed: number
  /** Broken promises; none in a good run. */
  readonly failures: readonly string[]
  readonly steps: number
  /** Virtual ms. */
  readonly time: number
  /** Equal for equal runs, whatever the machine does meanwhile. */
  readonly traceHash: string
  readonly operations: number
  readonly writes: { readonly acknowledged: number; readonly failed: number; readonly unknown: number }
  readonly commits: number
  readonly requests: number
  readonly effects: number
  /** Faults of network and server that struck, by kind. */
  readonly faults: Readonly<Record<string, number>>
  /** What happened to tabs, by kind: `killed-in-transaction` and the like. */
  readonly tabs: Readonly<Partial<Record<TabMoment['what'], number>>>
  readonly conflicts: number
  readonly deadLetters: number
  /** How often another tab took the lead. */
  readonly leaderChanges: number
  /** How many things each invariant has judged. */
  readonly reached: Readonly<Record<string, number>>
  /** Who asked the real clock for a timer, and how often. It got a virtual one. */
  readonly escapedTimers: Readonly<Record<string, number>>
  readonly config: Swarm
}

/** Steps after which a run is given up: three times what the longest honest ones need. */
const bounds = { operations: 150_000, quiescence: 200_000 }

export interface SeedOptions extends RunOptions {
  /** Changes what the seed would make of the world. */
  readonly adjust?: (config: Swarm) => Swarm
}

export async function runSeed(seed: number, { adjust, ...options }: SeedOptions): Promise<Report> {
  return runCase(caseOf(seed, adjust), options)
}

/** Runs a case from an empty world to quiescence and judges it. */
export async function runCase({ seed, config, operations }: Case, options: RunOptions): Promise<Report> {
  const world = new World(seed, config, options.startEngine)
  const { scheduler, history } = world
  scheduler.trace = options.trace
  const restore = scheduler.install()
  // Stacks of errors that are thrown and caught every day cost a third of a run.
  const stacks = Error.stackTraceLimit
  if (!options.trace) Error.stackTraceLimit = 0
  const rejected = (error: unknown) => history.errors.push(`unhandled: ${text(error)}`)
  process.on('unhandledRejection', rejected)
  const failures: string[] = []
  let verdict: Verdict = { broken: [], reached: {} }
  try {
    for (const device of world.devices) for (let i = 0; i < config.tabs; i++) world.open(device, i)
    const script = schedule(world, operations)
    const { night } = config.serverWeather
    if (night > 0) scheduler.after(night, 'night', () => world.sleep(nightLong), 'world')
    const until = (operations.at(-1)?.at ?? 0) + 60 * 60 * 1_000 + nightLong
    const done = await scheduler.run(() => script.pending() === 0, { steps: bounds.operations, until })
    if (!done) failures.push(`Q13 liveness: operations were not over after ${scheduler.steps} steps`)
    const unrest = await quiesce(world, bounds.quiescence)
    if (unrest) failures.push(`Q13 liveness: ${unrest}`)
    await checkAll(world)
    const stores = world.stores()
    await world.end()
    verdict = judgeWorld(world, stores)
    failures.push(...verdict.broken)
  } finally {
    restore()
    Error.stackTraceLimit = stacks
    process.off('unhandledRejection', rejected)
  }
  failures.push(...history.errors.map((error) => `error nobody waits for: ${error}`))
  return report(world, operations.length, failures, verdict.reached)
}

/** `stores`: what there was when all was quiet. */
function judgeWorld(world: World, stores: Stores): Verdict {
  const { history, config } = world
  const { server, routes, judgement } = config
  return judge({
    history,
    stores,
    polls: world.devices.length * server.tables.length * (world.scheduler.now() / config.interval),
    idempotent: server.idempotent,
    lookback: lookback(config.serverWeather),
    traceless: config.serverWeather.traceless,
    clientKeys: new Set(server.tables.filter(({ keys }) => keys === 'client').map(({ name }) => name)),
    unordered: new Set(Object.keys(routes).filter((name) => routes[name]!.order === undefined)),
    conflicts: Object.fromEntries(Object.entries(routes).map(([name, { conflicts }]) => [name, conflicts])),
    asks: judgement.asked,
    serverWeather: config.serverWeather,
    sliced: config.sliced,
  })
}

function report(
  world: World,
  count: number,
  failures: readonly string[],
  reached: Verdict['reached'],
): Report {
  const { history, scheduler } = world
  const writes = [...history.writes.values()]
  const inState = (state: string) => writes.filter((write) => write.state === state).length
  const inStore = (store: string) =>
    world.devices.reduce((sum, { storage }) => sum + storage.records(store).length, 0)
  return {
    seed: world.seed,
    failures,
    steps: scheduler.steps,
    time: Math.round(scheduler.now()),
    traceHash: scheduler.hash.toString(16),
    operations: count,
    writes: {
      acknowledged: inState('acknowledged'),
      failed: inState('failed') + inState('rolled-back'),
      unknown: inState('unknown'),
    },
    commits: history.commits.length,
    requests: history.requests.length,
    effects: history.effects.length,
    faults: Object.fromEntries(world.struck),
    tabs: counts(history.tabs.map(({ what }) => what)),
    conflicts: inStore('_sync_conflicts'),
    deadLetters: inStore('_sync_letters'),
    leaderChanges: leaderChanges(history),
    reached,
    escapedTimers: Object.fromEntries(scheduler.escaped),
    config: world.config,
  }
}

/** A new epoch where there was one. */
function leaderChanges({ commits }: History): number {
  return commits
    .flatMap(({ changes }) => changes)
    .filter(({ store, before, after }) => store === '_sync_leader' && before && before.epoch !== after?.epoch)
    .length
}

function counts<T extends string>(names: readonly T[]): Partial<Record<T, number>> {
  const sums: Partial<Record<T, number>> = {}
  for (const name of names) sums[name] = (sums[name] ?? 0) + 1
  return sums
}

function text(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** What to type to see a failure again. */
export function replayCommand(seed: number): string {
  return `npm run sim -- --seed ${seed} --trace`
}
