import Dexie, { type Table } from 'dexie'
import { type ConflictOptions, type Route, resource, type SyncConfig } from 'dexie-rest-sync'

export interface Card {
  id: number
  title: string
  notes: string
  assignee: string | null
  votes: number
}

export interface Person {
  id: string
  name: string
  hue: number
}

export class SoakBoard extends Dexie {
  declare cards: Table<Card, number, Omit<Card, 'id'>>
  declare people: Table<Person, string>

  constructor() {
    super('board')
    this.version(1).stores({ cards: '++id, updated_at', people: 'id, updated_at' })
  }
}

/** Nothing is left to a person, so that everything comes to rest by itself. */
const cardConflicts: ConflictOptions = {
  fields: { votes: 'counter', notes: 'lww' },
  onDelete: 'delete-wins',
}

/**
 * The backend refuses an edit or deletion that stands on an old version. Without that, others' additions could be
 * written over between the look at a row and the write.
 */
const checked = { method: 'PATCH', url: '/api/cards/:key' } as const
const cards: Route = {
  ...resource('/api/cards', { version: 'version', conflicts: cardConflicts }),
  push: {
    create: { method: 'POST', url: '/api/cards' },
    update: { ...checked, body: (_, { changes, base }) => ({ ...changes, version: base?.version }) },
    delete: { ...checked, method: 'DELETE', body: (_, { base }) => ({ version: base?.version }) },
    verify: 'none',
  },
}

/** The routes of the board: cards with the check of versions that its backend offers, people without. */
export function soakConfig(onError: (error: unknown) => void): SyncConfig {
  return {
    baseUrl: location.origin,
    routes: { cards, people: resource('/api/people', { conflicts: { onDelete: 'delete-wins' } }) },
    sync: { interval: 2_000 },
    errors: { retryDelay: (attempt) => Math.min(250 * 2 ** attempt, 2_000), onError },
    autoStart: false,
  }
}
