import { type DeviceFaultAction, deviceFaultsOf } from './device-faults'
import { type Disruption, disruption } from './disruptions'
import { type Prng, prng } from './prng'
import { rareWritesOf } from './rare-writes'
import type { Swarm } from './swarm'

/** A row chosen when the operation runs: this far (0 to 1) into the table as the tab sees it then. */
type Pick = number

export interface Place {
  readonly device: number
  readonly tab: number
}

interface Writes extends Place {
  /** Write ids, one for each row. */
  readonly ids: readonly string[]
  /** Whether it opens a transaction of its own or leaves that to Dexie. */
  readonly explicit: boolean
  /** The server will refuse it. */
  readonly poisoned: boolean
}

/** What can be done in a run: by the app, by other systems, and to the world. */
export type Action =
  | (Writes & { readonly kind: 'add' | 'bulk-add'; readonly table: string; readonly keys: readonly string[] })
  | (Writes & {
      readonly kind: 'update' | 'put' | 'modify' | 'bulk-put' | 'bulk-update'
      readonly table: string
      readonly picks: readonly Pick[]
      readonly fields: readonly string[]
    })
  /** Adds one to a counter: several devices do so at once, and all of it counts. */
  | (Writes & { readonly kind: 'vote'; readonly table: string; readonly picks: readonly Pick[] })
  | (Writes & {
      readonly kind: 'delete' | 'bulk-delete'
      readonly table: string
      readonly picks: readonly Pick[]
    })
  | (Writes & { readonly kind: 'clear'; readonly table: string })
  /** Deletes what another write has made. */
  | (Writes & { readonly kind: 'take-back'; readonly table: string; readonly birth: string })
  /** A post with comments in one transaction, and the deletion of one with all its comments. */
  | (Writes & { readonly kind: 'add-thread' })
  | (Writes & { readonly kind: 'delete-thread'; readonly picks: readonly Pick[] })
  | {
      readonly kind: 'server-add' | 'server-edit' | 'server-delete'
      readonly table: string
      readonly pick: Pick
      readonly id: string
      readonly key: string
      readonly field: string
    }
  | (Place & { readonly kind: 'sync' })
  /** The app waits until the server has a row. */
  | (Place & { readonly kind: 'when-pushed'; readonly table: string; readonly pick: Pick })
  /** The app has everything looked at, in the middle of whatever goes on. */
  | (Place & { readonly kind: 'check' })
  /** A person looks after what is held: each is sent again, given up or settled one way or the other. */
  | (Place & { readonly kind: 'look-after'; readonly choice: Pick })
  | (Place & { readonly kind: 'pause'; readonly lasting: number })
  | Disruption
  | DeviceFaultAction

/** An action and when it begins, virtual ms since the run began. */
export type Operation = Action & { readonly at: number }

export const editable = ['title', 'body', 'tag'] as const

/** The whole list, drawn before the run: leaving one out does not change the others. */
export function operations(seed: number, config: Swarm): Operation[] {
  const draw = prng(seed, 'operations')
  const list: Operation[] = []
  let at = 0
  while (list.length < config.operations) {
    // Many at once, then a breath, now and then a pause long enough to settle.
    at += pause(draw)
    for (const action of actions(draw, config, `w${list.length}`)) list.push({ ...action, at })
  }
  const times = list.map((one) => one.at)
  const more = [...deviceFaultsOf(seed, config, times), ...rareWritesOf(seed, config, times)]
  return [...list, ...more].sort((a, b) => a.at - b.at)
}

function actions(draw: Prng, config: Swarm, id: string): Action[] {
  const place = () => ({ device: draw.between(0, config.devices - 1), tab: draw.between(0, config.tabs - 1) })
  if (draw.chance(config.disruption)) return [disruption(draw, config, place())]
  const edit = appWrite(draw, config, place(), id)
  // Now and then two tabs edit the same record at the same moment.
  if (config.tabs > 1 && edit.kind === 'update' && draw.chance(0.4)) {
    return [edit, { ...edit, tab: (edit.tab + 1) % config.tabs, ids: [`${id}b`] }]
  }
  return [edit]
}

function appWrite(draw: Prng, config: Swarm, place: Place, id: string): Action {
  const table = draw.pick(config.server.tables).name
  const writes: Writes = {
    ...place,
    ids: [id],
    explicit: draw.chance(0.5),
    poisoned: draw.chance(config.poison),
  }
  const several = Array.from({ length: draw.between(2, 6) }, (_, i) => `${id}.${i}`)
  const fields = draw.chance(0.7) ? [draw.pick(editable)] : ['title', 'body']
  const keys = several.map(() => draw.uuid())
  const picks = several.map(() => draw.next())
  const kind = draw.pick([
    ...(['add', 'add', 'add', 'bulk-add', 'add-thread', 'add-thread'] as const),
    ...(['update', 'update', 'update', 'update', 'put', 'modify', 'bulk-put', 'vote', 'vote'] as const),
    ...(['delete', 'delete', 'delete-thread'] as const),
    ...(['server-add', 'server-edit', 'server-edit', 'server-delete', 'sync'] as const),
    ...(['when-pushed', 'look-after', 'pause', 'check'] as const),
  ])
  switch (kind) {
    case 'add':
      return { ...writes, kind, table, keys: keys.slice(0, 1) }
    case 'bulk-add':
      return { ...writes, kind, table, keys, ids: several }
    case 'add-thread':
      return { ...writes, kind, ids: several }
    case 'update':
    case 'put':
      return { ...writes, kind, table, picks: picks.slice(0, 1), fields }
    case 'modify':
    case 'bulk-put':
      return { ...writes, kind, table, picks, fields, ids: several }
    case 'delete':
    case 'vote':
      return { ...writes, kind, table, picks: picks.slice(0, 1) }
    case 'delete-thread':
      return { ...writes, kind, picks: picks.slice(0, 1) }
    case 'sync':
    case 'check':
      return { ...place, kind }
    case 'when-pushed':
      return { ...place, kind, table, pick: picks[0]! }
    case 'look-after':
      return { ...place, kind, choice: picks[0]! }
    case 'pause':
      return { ...place, kind, lasting: draw.pick([1_000, 60_000]) }
    default:
      return { kind, table, pick: picks[0]!, id, key: keys[0]!, field: fields[0]! }
  }
}

/** Many at once, then a breath, now and then a pause long enough to settle. */
function pause(draw: Prng): number {
  const kind = draw.between(1, 100)
  if (kind <= 40) return 0
  if (kind <= 75) return draw.between(1, 40)
  return kind <= 96 ? draw.between(100, 3_000) : 30_000
}
