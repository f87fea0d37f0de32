import type Dexie from 'dexie'
import type { Prng } from '../../simulation/prng'

/** Tables of every kind of primary key. */
export const stores = {
  posts: 'id, title, n, *tags',
  notes: '',
  tasks: '++id, &code, n',
  pairs: '[a+b], n',
  deep: 'meta.id, n',
  counted: '++, n',
}

/** A table that is not synced beside them. */
export const plainStores = { drafts: '++id, n' }

export type TableName = keyof typeof stores | keyof typeof plainStores
export const tableNames = [...Object.keys(stores), ...Object.keys(plainStores)] as TableName[]

export const outbound = (table: TableName) => table === 'notes' || table === 'counted'

/** A class some sequences map posts to. */
export class Post {
  declare title?: string
  shout(): string {
    return `${this.title}!`
  }
}

/** What the app does around its tables in a sequence: hooks that change what is written, classes. */
export interface Habits {
  readonly hooks: boolean
  readonly deletingHook: boolean
  readonly classes: boolean
}

export function drawHabits(random: Prng): Habits {
  return { hooks: random.chance(0.25), deletingHook: random.chance(0.15), classes: random.chance(0.3) }
}

export function applyHabits(db: Dexie, { hooks, deletingHook, classes }: Habits): void {
  if (classes) db.table('posts').mapToClass(Post)
  if (deletingHook) db.table('posts').hook('deleting', () => {})
  if (!hooks) return
  for (const name of ['posts', 'tasks']) {
    db.table(name).hook('creating', (_key, row) => {
      row.hooked = 'made'
    })
    db.table(name).hook('updating', (changes) =>
      'title' in changes ? { title: `${(changes as { title?: unknown }).title}+`, 'seen.by': 1 } : undefined,
    )
  }
  db.table('notes').hook('creating', (key, row) => {
    if (typeof row === 'object' && row !== null) row.madeAs = typeof key
  })
}
