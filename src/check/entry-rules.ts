import { keyText } from '../keys/key-text'
import { isTemporary } from '../keys/temporary'
import type { Key } from '../model/change'
import type { Found, OpenEntry, Stored } from './stored'

/** Everything sync keeps beside the rows must speak of changes that are there, and they of it. */
export function judgeEntries(stored: Stored): Found[] {
  return [
    ...fences(stored),
    ...held(stored),
    ...letters(stored),
    ...conflicts(stored),
    ...states(stored),
    ...progress(stored),
    ...routes(stored),
    ...orphans(stored),
    ...aliases(stored),
  ]
}

function fences({ fences, entries }: Stored): Found[] {
  const open = new Map(entries.map((entry) => [String(entry.ref), entry]))
  const carried = new Set<string>()
  return fences.flatMap(({ id, items }) =>
    items.flatMap(({ table, key, entries: refs }): Found[] => {
      const names = refs.map(String)
      const carries = names.map((name) => open.get(name))
      const twice = names.some((name) => carried.has(name))
      for (const name of names) carried.add(name)
      const about = { table, key, id }
      if (carries.includes(undefined)) return [{ ...about, code: 'fence-without-entry' }]
      if (carries.some((entry) => !entry?.own)) return [{ ...about, code: 'wrong-identity' }]
      return twice ? [{ ...about, code: 'sent-twice' }] : []
    }),
  )
}

/** A held change waits until somebody decides on its letter or conflict: without one, for ever. */
function held({ entries, letters, conflicts }: Stored): Found[] {
  const known = new Set([
    ...letters.map(({ id }) => `dead ${id}`),
    ...conflicts.filter(({ state }) => state === 'parked').map(({ id }) => `parked ${id}`),
  ])
  return entries.flatMap(({ mark, own, table, key }): Found[] =>
    mark && own && !known.has(`${mark.held} ${mark.by}`)
      ? [{ code: 'held-for-nobody', table, key, id: mark.by }]
      : [],
  )
}

function letters({ letters, entries }: Stored): Found[] {
  const holding = heldBy(entries, 'dead')
  return letters.flatMap(({ id, table, key }): Found[] =>
    holding.has(id) ? [] : [{ code: 'letter-without-entry', table, key, id }],
  )
}

function conflicts({ conflicts, entries, states }: Stored): Found[] {
  const holding = heldBy(entries, 'parked')
  for (const { parked } of states) if (parked !== undefined) holding.add(parked)
  return conflicts.flatMap(({ id, table, key, state }): Found[] =>
    state !== 'parked' || holding.has(id)
      ? []
      : [{ code: 'conflict-without-entry', table, id, ...(key !== undefined && { key }) }],
  )
}

function heldBy(entries: readonly OpenEntry[], kind: 'dead' | 'parked'): Set<string> {
  return new Set(entries.flatMap(({ mark }) => (mark?.held === kind ? [mark.by] : [])))
}

function states({ states, entries, conflicts }: Stored): Found[] {
  const open = new Set(entries.map(nameOf))
  const parked = new Set(conflicts.flatMap(({ id, state }) => (state === 'parked' ? [id] : [])))
  return states.flatMap((state): Found[] => {
    const { table, key, settledAt } = state
    if (state.parked !== undefined)
      return parked.has(state.parked) ? [] : [{ code: 'held-for-nobody', table, key, id: state.parked }]
    return settledAt === undefined && !open.has(nameOf(state))
      ? [{ code: 'state-without-entry', table, key }]
      : []
  })
}

function progress({ noted, logged }: Stored): Found[] {
  const there = new Set(logged)
  return noted.flatMap((seq): Found[] => (there.has(seq) ? [] : [{ code: 'progress-without-log' }]))
}

function routes({ entries, sends }: Stored): Found[] {
  const lost = new Map(
    entries.filter(({ own, table }) => own && !sends.has(table)).map((entry) => [nameOf(entry), entry]),
  )
  return [...lost.values()].map(({ table, key }) => ({ code: 'not-routed', table, key }))
}

function orphans({ unsent, entries, states }: Stored): Found[] {
  const parked = states.filter((state) => state.parked !== undefined)
  const spokenFor = new Set([...entries, ...parked].map(nameOf))
  return unsent.flatMap(({ table, key }): Found[] =>
    spokenFor.has(nameOf({ table, key })) ? [] : [{ code: 'orphan-row', table, key }],
  )
}

function aliases({ aliases }: Stored): Found[] {
  return aliases.flatMap(({ table, temporary, key }): Found[] =>
    isTemporary(key) ? [{ code: 'alias-unfinished', table, key: temporary }] : [],
  )
}

function nameOf({ table, key }: { readonly table: string; readonly key: Key }): string {
  return JSON.stringify([table, keyText(key)])
}
