import { add } from 'dexie'
import type { BoardDatabase, Card, ColumnName } from './board'

// Every edit is plain Dexie: nothing here knows that there is a server.

export async function addCard(db: BoardDatabase, column: ColumnName, title: string): Promise<void> {
  await db.cards.add({
    title,
    notes: '',
    column,
    assignee: null,
    votes: 0,
    position: await endOf(db, column),
  })
}

export async function changeCard(
  db: BoardDatabase,
  id: number,
  changes: Partial<Pick<Card, 'title' | 'notes' | 'assignee'>>,
): Promise<void> {
  await db.cards.update(id, changes)
}

export async function voteFor(db: BoardDatabase, id: number): Promise<void> {
  await db.cards.update(id, { votes: add(1) })
}

/** Puts a card at the end of a column. */
export async function moveCard(db: BoardDatabase, id: number, column: ColumnName): Promise<void> {
  await db.cards.update(id, { column, position: await endOf(db, column) })
}

export async function deleteCard(db: BoardDatabase, id: number): Promise<void> {
  await db.cards.delete(id)
}

/** A person has a key at once, made here and good everywhere. */
export async function addPerson(db: BoardDatabase, name: string): Promise<void> {
  await db.people.add({ id: crypto.randomUUID(), name, hue: Math.floor(Math.random() * 360) })
}

async function endOf(db: BoardDatabase, column: ColumnName): Promise<number> {
  const cards = await db.cards.filter((card) => card.column === column).toArray()
  return Math.max(0, ...cards.map((card) => card.position)) + 1
}
