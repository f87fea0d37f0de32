import type { Device } from './device'
import { ownerOf } from './engine-calls'
import type { Commit, History } from './history'
import { isRewrite } from './invariants/values'
import { outboxView } from './outbox-view'
import type { World } from './world'

/** Virtual ms after healing, without those of a night, within which everything must have come to rest. */
const budget = 6 * 60 * 60 * 1_000

/** Virtual ms a cycle may take besides its interval: pages follow one another. */
const breath = 10_000

/** Steps between two looks at whether it has. */
const stride = 64

/**
 * Ends the faults, leaves one tab per device alive and runs until nothing moves any more: no change waits but held
 * ones, no write is on its way (it would have a fence; polls may be, where small pages outlast the interval), and since the last change anywhere there was time for two cycles, in which every
 * device has pulled every table. Answers why it never came to rest, or nothing. An empty queue is no sign of rest: polling never empties it.
 */
export async function quiesce(world: World, stepBudget: number): Promise<string | undefined> {
  const { scheduler, network, devices } = world
  network.heal()
  world.server.heal()
  world.logins.heal()
  world.judgement.heal()
  world.code.heal()
  for (const device of devices) {
    device.channel.loss = 0
    device.messages.heal()
    device.locks.restore()
    const [survivor, ...others] = device.tabs.filter((tab) => tab !== undefined)
    for (const tab of others) world.kill(tab, 0)
    const last = survivor ?? world.open(device, 0)
    last.environment.tell('online')
    // Whoever the data belongs to comes back: nothing may leave before.
    world.logins.logIn(device.name, ownerOf(device) ?? 'ada')
    // A person who was asked to log in has done so.
    world.call(last, () => last.engine.sync())
  }
  const healed = scheduler.steps
  const lastChange = watchChanges(world)
  const start = world.awake()
  const last = scheduler.steps + stepBudget
  while (scheduler.steps < last && world.awake() - start < budget) {
    for (const device of devices) resume(world, device)
    const next = scheduler.steps + stride
    const ran = await scheduler.run(() => scheduler.steps >= next, {
      steps: stride,
      until: Number.POSITIVE_INFINITY,
    })
    const unrest = unrestOf(world, healed, lastChange())
    if (unrest === undefined) return undefined
    if (!ran) return `nothing is left to run, but ${unrest}`
  }
  return `after ${Math.round((world.awake() - start) / 1_000)} s and ${stepBudget} steps at most: ${unrestOf(world, healed, lastChange())}`
}

/** A pause outlives whoever asked for it; and whoever asks to go on may be on its way out. */
function resume(world: World, { storage, tabs }: Device): void {
  const pause = storage.records('_sync_meta').find(({ value }) => value.name === 'paused')
  const tab = tabs.find((one) => one !== undefined)
  if (pause?.value.paused && tab) world.call(tab, () => tab.engine.resume())
}

/** `healed`: the step from which on nobody was in the way of a pull. */
function unrestOf(world: World, healed: number, changed: Moment): string | undefined {
  const { history, devices, config } = world
  const calm = world.scheduler.now() - changed.at
  if (calm < 2 * config.interval + breath) return `the last change was ${Math.round(calm)} ms ago`
  for (const device of devices) {
    const stores = new Map(
      ['_sync_log', '_sync_progress', '_sync_fences', '_sync_records', '_sync_aliases', '_sync_meta'].map(
        (store) => [store, device.storage.records(store)] as const,
      ),
    )
    const view = outboxView(stores)
    const waiting = view.waiting.filter(({ held }) => !held)
    if (waiting.length > 0)
      return `${waiting.length} changes wait on ${device.name}: ${JSON.stringify(waiting[0])}`
    if (view.fences > 0) return `${view.fences} requests have no outcome on ${device.name}`
    for (const { name } of config.server.tables) {
      if (pullsSince(history, device.name, name, Math.max(changed.step, healed)) < 2)
        return `${device.name} has not pulled ${name} twice since the last change`
    }
  }
  return undefined
}

/** Pulls that have come to their end: of long ones the pages alone say nothing. */
function pullsSince({ requests }: History, device: string, table: string, step: number): number {
  let pulls = 0
  for (let i = requests.length - 1; i >= 0 && requests[i]!.sentAt > step; i--) {
    const { method, path, ended, whole } = requests[i]!
    const isEnd = method === 'GET' && path === `/api/${table}` && ended === '200' && whole === true
    if (isEnd && requests[i]!.device === device) pulls += 1
  }
  return pulls
}

type Moment = Pick<Commit, 'step' | 'at'>

/** Tells when a row last changed anywhere: to another value, not to the same one written again. */
function watchChanges({ history: { commits, effects }, config }: World): () => Moment {
  const tables = new Set<string>(config.server.tables.map(({ name }) => name))
  let looked = 0
  let last: Moment = { step: 0, at: 0 }
  return () => {
    for (; looked < commits.length; looked++) {
      const commit = commits[looked]!
      if (commit.changes.some((change) => tables.has(change.store) && !isRewrite(change))) last = commit
    }
    const effect = effects.at(-1)
    return effect && effect.step >= last.step ? effect : last
  }
}
