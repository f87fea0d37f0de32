import Dexie, { type DexieOptions, type Table } from 'dexie'

export interface Post {
  readonly id?: number
  readonly title: string
  readonly text?: string
  readonly likes?: number
  readonly version?: number
  readonly updated_at?: string
}

export interface Note {
  readonly id: string
  readonly text: string
  readonly version?: number
  readonly updated_at?: string
}

/** The app of the journeys: posts with keys made by the server, notes with keys of their own. */
export class Blog extends Dexie {
  declare posts: Table<Post, number, Post>
  declare notes: Table<Note, string, Note>

  constructor(name: string, options?: DexieOptions) {
    super(name, options)
    this.version(1).stores({
      posts: '++id, title, updated_at',
      notes: 'id, updated_at',
    })
  }
}
