import type { Key } from 'dexie-rest-sync'
import type { Prng } from '../../simulation/prng'
import type { Effect, Outcome, SoakTable } from '../../soak/told'
import type { Card, Person, SoakBoard } from './soak-board'

/** Something a person does: what it will do to which rows, and the doing of it. */
export interface Deed {
  readonly effects: readonly Effect[]
  run(): Promise<{ readonly outcome: Outcome; readonly keys?: readonly Key[] }>
}

/** Below it rows are made rather than deleted, above it the other way round. */
const steady = { cards: 120, people: 40 }

/** A deed at random. `name` makes its texts like no others. */
export async function chooseDeed(db: SoakBoard, chance: Prng, name: string): Promise<Deed> {
  const table: SoakTable = chance.chance(0.75) ? 'cards' : 'people'
  const rows: (Card | Person)[] = await db.table(table).toArray()
  const roll = chance.next()
  const count = chance.chance(0.2) ? chance.between(2, 6) : 1
  if (rows.length < count || roll < (rows.length > steady[table] ? 0.05 : 0.25))
    return createRows(db, chance, table, name, count)
  const chosen = sample(chance, rows, count)
  if (roll < 0.3) return deleteRows(db, table, chosen)
  if (table === 'cards' && chance.chance(0.5)) return vote(db, chance, chosen[0] as Card)
  return editRows(db, table, name, chosen)
}

/** New rows, one card in a hundred with a title that the server refuses. */
export function createRows(db: SoakBoard, chance: Prng, table: SoakTable, name: string, count: number): Deed {
  const names = Array.from({ length: count }, (_, place) => `${name}.${place}`)
  if (table === 'people') {
    const people = names.map((one) => ({ id: chance.uuid(), name: one, hue: chance.between(0, 359) }))
    return {
      effects: people.map((one) => ({ table, mark: one.id, does: 'create', value: one.name })),
      run: async () => ({ outcome: 'all', keys: await db.people.bulkAdd(people, { allKeys: true }) }),
    }
  }
  const cards = names.map((one) => ({
    title: chance.chance(0.01) ? `forbidden ${one}` : one,
    notes: one,
    assignee: null,
    votes: 0,
  }))
  return {
    effects: cards.map((one) => ({ table, mark: one.title, does: 'create', value: one.notes })),
    run: async () => ({
      outcome: 'all',
      keys: count === 1 ? [await db.cards.add(cards[0]!)] : await db.cards.bulkAdd(cards, { allKeys: true }),
    }),
  }
}

function deleteRows(db: SoakBoard, table: SoakTable, rows: readonly (Card | Person)[]): Deed {
  const keys = rows.map(({ id }) => id)
  return {
    effects: rows.map((row) => ({ table, mark: markOf(row), does: 'delete' })),
    run: () =>
      db.transaction('rw', table, async () => {
        const there = (await db.table(table).bulkGet(keys)).filter((row) => row !== undefined)
        await db.table(table).bulkDelete(keys)
        return { outcome: outcomeOf(there.length, keys.length) }
      }),
  }
}

/** A field that others count up too. */
function vote(db: SoakBoard, chance: Prng, card: Card): Deed {
  const effects: Effect[] = [{ table: 'cards', mark: card.title, does: 'vote' }]
  if (chance.chance(0.5)) {
    const modify = () =>
      db.cards
        .where('id')
        .equals(card.id)
        .modify((row) => {
          row.votes += 1
        })
    return { effects, run: async () => ({ outcome: outcomeOf(await modify(), 1) }) }
  }
  return {
    effects,
    run: () =>
      db.transaction('rw', 'cards', async () => {
        const row = await db.cards.get(card.id)
        if (row) await db.cards.put({ ...row, votes: row.votes + 1 })
        return { outcome: outcomeOf(row ? 1 : 0, 1) }
      }),
  }
}

function editRows(db: SoakBoard, table: SoakTable, name: string, rows: readonly (Card | Person)[]): Deed {
  const field = table === 'cards' ? 'notes' : 'name'
  const updates = rows.map(({ id }, place) => ({ key: id, changes: { [field]: `${name}.${place}` } }))
  return {
    effects: rows.map((row, place) => ({
      table,
      mark: markOf(row),
      does: 'edit',
      value: `${name}.${place}`,
    })),
    run: async () => {
      const [first] = updates
      const found =
        updates.length === 1
          ? await db.table(table).update(first!.key, first!.changes)
          : await db.table(table).bulkUpdate(updates)
      return { outcome: outcomeOf(found, updates.length) }
    },
  }
}

function markOf(row: Card | Person): string {
  return 'title' in row ? row.title : row.id
}

function outcomeOf(found: number, wanted: number): Outcome {
  if (found === wanted) return 'all'
  return found === 0 ? 'none' : 'some'
}

function sample<T>(chance: Prng, items: readonly T[], count: number): T[] {
  const left = [...items]
  return Array.from({ length: count }, () => left.splice(chance.between(0, left.length - 1), 1)[0]!)
}
