import type { ConflictOptions } from '../../src/model/conflict-rules'
import type { Verify } from '../../src/model/table'
import { type CodeShape, codeShape } from './code-shape'
import type { MessageShape } from './crooked-messages'
import type { DeviceFault } from './device-faults'
import type { JudgementShape } from './judgement'
import type { LoginShape } from './logins'
import type { Weather } from './network'
import { type Prng, prng } from './prng'
import { type RareWrite, rareWriteCounts } from './rare-writes'
import type { ServerShape } from './server'
import type { TableShape } from './server-table'
import type { ServerWeather } from './server-weather'
import { deviceCount, deviceFaultCounts, messages, skews } from './swarm-devices'
import { beginsAnew, order, serverWeather } from './swarm-server'
import { weather } from './swarm-weather'

/** What kind of world a seed makes: each switches off most faults, so that rare pairs meet undisturbed. */
export interface Swarm {
  readonly devices: number
  readonly tabs: number
  readonly operations: number
  readonly server: ServerShape
  readonly serverWeather: ServerWeather
  readonly routes: Readonly<Record<string, RouteShape>>
  readonly weather: Weather
  readonly logins: LoginShape
  readonly judgement: JudgementShape
  /** How functions in the routes behave. */
  readonly code: CodeShape
  /** Devices are used by several people in turn. */
  readonly severalUsers: boolean
  /** How far the clock of each device is off, ms. */
  readonly skews: readonly number[]
  readonly pageSize: number
  readonly concurrency: number
  readonly batchSize: number
  /** ms between cycles. */
  readonly interval: number
  /** How probable a kill, an outage and the like are among the operations. */
  readonly disruption: number
  /** Probability that a write is one the server refuses. */
  readonly poison: number
  /** Probability that a message between tabs is lost. */
  readonly messageLoss: number
  /** What else befalls them. */
  readonly messages: MessageShape
  /** Two tabs of a device may lead at once. */
  readonly splitBrain: boolean
  /** The browser has no locks that tabs share: each knows its own only. */
  readonly locksApart: boolean
  /** A page is applied in slices though it is small: the library is changed for that (`bugs/stages.ts`). */
  readonly sliced: boolean
  /** A killed tab's locks may go as late as this, ms. */
  readonly lateLocks: number
  /** Virtual ms a step takes: above 0 timers also ring in the middle of transactions. */
  readonly stepCost: number
  /** How often each fault strikes a device or tab. */
  readonly deviceFaults: Readonly<Partial<Record<DeviceFault, number>>>
  /** How often an app does what is rare. */
  readonly rareWrites: Readonly<Partial<Record<RareWrite, number>>>
}

/** How the library is told to talk about a table. */
export interface RouteShape {
  /** The field that orders the rows of a record, where the library is told one; with `version` writes name the one they stand on. */
  readonly order?: 'time' | 'version' | undefined
  readonly conflicts: Omit<ConflictOptions, 'onConflict'>
  readonly update: 'PATCH' | 'PUT'
  readonly verify: Verify
  /** The library is told which field orders the versions of a row (I8); else it does not know. */
  readonly updatedAt?: 'updated_at'
}

/** Every table of the simulated app: comments belong to posts, notes have keys made by the app. */
export function tableShapes(time: (name: string) => TableShape['time']): TableShape[] {
  return [
    { name: 'posts', keys: 'server', time: time('posts') },
    { name: 'comments', keys: 'server', time: time('comments') },
    { name: 'notes', keys: 'client', time: time('notes') },
  ]
}

export function swarm(seed: number): Swarm {
  const draw = prng(seed, 'swarm')
  const devices = deviceCount(prng(seed, 'devices'), draw.between(1, 3))
  const backend = prng(seed, 'server')
  const plain = tableShapes(() => draw.pick(['iso', 'ms'] as const))
  const orders = plain.map(() => order(backend))
  const tables = plain.map((table, i) => ({ ...table, versions: orders[i] === 'version' }))
  const judged = judgement(draw)
  // All tables or none: where one has no order, no request leaves while anything is pulled.
  const ordered = prng(seed, 'order').chance(0.5)
  const route = (): RouteShape => ({
    conflicts: conflicts(draw, judged.asked),
    update: draw.pick(['PATCH', 'PATCH', 'PUT']),
    verify: draw.pick(['pull', 'pull', 'get']),
    ...(ordered && { updatedAt: 'updated_at' as const }),
  })
  return {
    devices,
    tabs: draw.between(1, 3),
    // 60 to 200, most of them short: long runs find what needs time, short ones are many.
    operations: Math.round(60 + 140 * draw.next() ** 3),
    server: {
      tables,
      idempotent: draw.chance(0.7),
      envelope: draw.pick(['array', 'data'] as const),
      inclusive: draw.chance(0.5),
    },
    serverWeather: { ...serverWeather(backend), anew: beginsAnew(prng(seed, 'server begins anew')) },
    routes: Object.fromEntries(tables.map(({ name }, i) => [name, { ...route(), order: orders[i] }])),
    weather: weather(prng(seed, 'weather'), devices),
    logins: logins(draw),
    judgement: judged,
    code: codeShape(prng(seed, 'code of routes')),
    severalUsers: draw.chance(0.3),
    skews: [...skews(draw, 3), ...skews(prng(seed, 'skew of the fourth'), 1)],
    pageSize: draw.pick([1, 2, 3, 7, 50]),
    concurrency: draw.pick([1, 2, 4]),
    batchSize: draw.pick([1, 5, 50]),
    interval: draw.pick([5_000, 15_000, 30_000]),
    disruption: draw.pick([0, 0.1, 0.25]),
    poison: draw.pick([0, 0, 0.05]),
    messageLoss: draw.pick([0, 0, 0.3]),
    splitBrain: draw.chance(0.2),
    locksApart: prng(seed, 'locks apart').chance(0.15),
    sliced: false,
    lateLocks: draw.pick([0, 0, 2_000, 30_000]),
    stepCost: draw.pick([0, 0, 0.05]),
    messages: messages(prng(seed, 'messages')),
    deviceFaults: deviceFaultCounts((name) => prng(seed, `devices: ${name}`)),
    rareWrites: rareWriteCounts((name) => prng(seed, `writes: ${name}`)),
  }
}

function logins(draw: Prng): LoginShape {
  const bad = draw.chance(0.3)
  return {
    needed: draw.chance(0.5),
    expires: draw.pick([0, 0.02, 0.2]),
    throws: bad ? 0.05 : 0,
    hangs: bad ? 0.02 : 0,
  }
}

/** A policy, and now and then what goes before it. */
function conflicts(draw: Prng, asked: boolean): RouteShape['conflicts'] {
  const policies = ['server-wins', 'client-wins', 'lww', 'merge', 'merge', 'park'] as const
  const policy = draw.pick([...policies, ...(asked ? (['custom', 'custom', 'custom'] as const) : [])])
  const isWhole = policy === 'park' || policy === 'custom'
  const byRow = policy !== 'merge' && !isWhole && draw.chance(0.3)
  const rule = () => draw.pick(['client', 'server', 'lww'] as const)
  return {
    policy,
    ...(byRow && { granularity: 'row' as const }),
    ...(!isWhole &&
      !byRow && { fields: { votes: 'counter' as const, ...(draw.chance(0.3) && { body: rule() }) } }),
    ...(draw.chance(0.3) && {
      onDelete: draw.pick(['edit-wins', 'delete-wins', 'server-wins', 'client-wins', 'park'] as const),
    }),
  }
}

function judgement(draw: Prng): JudgementShape {
  const bad = draw.chance(0.8)
  return {
    asked: draw.chance(0.5),
    throws: bad ? 0.3 : 0,
    hangs: bad ? 0.4 : 0,
    garbage: bad ? 0.6 : 0,
  }
}
