import Dexie, { type EntityTable } from 'dexie'
import { type ConflictOptions, resource, startSync } from 'dexie-rest-sync'
import type { Session } from './session'

export type ColumnName = 'todo' | 'doing' | 'done'

export const columns: readonly { readonly name: ColumnName; readonly title: string }[] = [
  { name: 'todo', title: 'To do' },
  { name: 'doing', title: 'Doing' },
  { name: 'done', title: 'Done' },
]

/** The server makes the key: until it has, the row goes by a temporary one. */
export interface Card {
  id: number
  title: string
  notes: string
  column: ColumnName
  /** Id of a {@link Person}, or nobody. */
  assignee: string | null
  votes: number
  position: number
}

/** The device makes the key. */
export interface Person {
  id: string
  name: string
  /** Colour of the avatar, degrees. */
  hue: number
}

export type BoardDatabase = Dexie & {
  cards: EntityTable<Card, 'id'>
  people: EntityTable<Person, 'id'>
}

/** Who wins where both devices changed the same field of a card. All other fields: the device that comes last. */
const cardConflicts: ConflictOptions = {
  fields: { votes: 'counter', notes: 'lww' },
  // A title is a matter for people.
  onConflict: ({ fields }) => (fields.includes('title') ? 'park' : undefined),
}

/** The database of one device and its sync: all that the demo needs of the library. */
export function openBoard(name: string, session: Session) {
  const db = new Dexie(`board-${name}`) as BoardDatabase
  db.version(1).stores({ cards: '++id, updated_at', people: 'id, updated_at' })
  const sync = startSync(db, {
    // The server tells the two devices apart by this prefix, for its log. An app has one address.
    baseUrl: `${location.origin}/${name}`,
    routes: {
      cards: resource('/api/cards', { conflicts: cardConflicts }),
      people: resource('/api/people'),
    },
    identity: () => session.user()?.name,
    auth: {
      getHeaders() {
        const user = session.user()
        return user ? { Authorization: `Bearer demo-${user.name}` } : null
      },
    },
    sync: { interval: 2000 },
    // Nobody watches a demonstration for an hour.
    observability: { health: { offline: 10_000, serverFailing: 5000 } },
  })
  return { name, db, sync }
}

export type Board = ReturnType<typeof openBoard>
