import type { Action, Operation } from './operations'
import { editable } from './operations'
import { type Prng, prng } from './prng'
import type { Swarm } from './swarm'

/** What an app does to many rows at once, now and then. */
export const rareWrites = ['clear', 'bulk-delete', 'bulk-update', 'take-back'] as const

/**
 * - `clear`: it empties a table. Sync asks a person before it does so at the server (decision 12), and one may answer.
 * - `bulk-delete`, `bulk-update`: it deletes or edits several rows with one call.
 * - `take-back`: it deletes a row some seconds after it has made it, and looks at the server anew.
 */
export type RareWrite = (typeof rareWrites)[number]

/** How often an app does so in a run. Most apps do not. */
export function rareWriteCounts(stream: (name: string) => Prng): Partial<Record<RareWrite, number>> {
  const some = (kind: RareWrite, probability: number) => {
    const draw = stream(kind)
    return draw.chance(probability) ? draw.between(1, 3) : 0
  }
  return {
    clear: some('clear', 0.4),
    'bulk-delete': some('bulk-delete', 0.3),
    'bulk-update': some('bulk-update', 0.3),
    'take-back': some('take-back', 0.3),
  }
}

/** Each kind in a stream of its own: one more does not move the others. */
export function rareWritesOf(seed: number, config: Swarm, times: readonly number[]): Operation[] {
  return rareWrites.flatMap((kind) => {
    const draw = prng(seed, `rare: ${kind}`)
    const count = config.rareWrites[kind] ?? 0
    return Array.from({ length: count }, (_, i) => {
      const at = draw.pick(times) + draw.pick([0, 0, 20])
      return withOthers({ ...action(kind, draw, config, `${kind}${i}`), at }, draw)
    }).flat()
  })
}

function action(
  kind: RareWrite,
  draw: Prng,
  config: Swarm,
  id: string,
): Action & { readonly kind: RareWrite } {
  const place = { device: draw.between(0, config.devices - 1), tab: draw.between(0, config.tabs - 1) }
  const table = draw.pick(config.server.tables).name
  const writes = { ...place, table, explicit: draw.chance(0.5), poisoned: false }
  const picks = Array.from({ length: draw.between(2, 8) }, () => draw.next())
  const ids = picks.map((_, row) => `${id}.${row}`)
  const fields = [draw.pick(editable)]
  if (kind === 'clear') return { ...writes, kind, ids: [id] }
  if (kind === 'take-back') return { ...writes, kind, ids: [id], birth: `made-${id}` }
  return kind === 'bulk-delete' ? { ...writes, kind, ids, picks } : { ...writes, kind, ids, picks, fields }
}

type RareOperation = Operation & { readonly kind: RareWrite }

/** What comes before such a write, and after it. */
function withOthers(write: RareOperation, draw: Prng): Operation[] {
  if (write.kind === 'clear') return withAnswer(write, draw)
  if (write.kind !== 'take-back') return [write]
  const { device, tab, table, at, birth } = write
  const made = { device, tab, table, explicit: false, poisoned: false, ids: [birth], keys: [draw.uuid()] }
  const gone = at + draw.pick([1_500, 4_000, 9_000])
  return [
    { ...made, kind: 'add', at },
    { ...write, at: gone },
    { device, tab, kind: 'sync', at: gone + draw.pick([0, 2_000, 5_000]) },
  ]
}

/** Half of those who are asked whether a table is to be emptied at the server have an answer. */
function withAnswer(write: RareOperation, draw: Prng): Operation[] {
  if (draw.chance(0.5)) return [write]
  const { device, tab, at } = write
  return [
    write,
    { device, tab, kind: 'look-after', choice: draw.next(), at: at + draw.pick([2_000, 40_000]) },
  ]
}
