import { expect } from 'vitest'
import type { SyncConfig } from '../../src/index'
import { type Backend, createBackend } from './backend'
import { goodSemantics } from './backend-semantics'

/** A backend where every user has rows of their own, and a device on which one after the other logs in. */
export interface Users {
  readonly backend: Backend
  readonly config: Partial<SyncConfig>
  /** Who is logged in at this device; null = nobody, or not known yet. */
  user: string | null
  /** The server's rows of one user. */
  rows(user: string, table?: string): Record<string, unknown>[]
  /** Somebody else changes what a user has. */
  insert(user: string, table: string, row: Record<string, unknown>): void
  /** How many requests came with a user's token. */
  asked(user: string): number
  /** No text of one user was ever sent or stored under another's login; texts begin with their user's name. */
  expectApart(): void
}

/** Tokens are the users' names: `Bearer A`. */
export function users(first: string | null = 'A'): Users {
  const good = goodSemantics()
  const nameOf = (header: string | null | undefined) => header?.replace('Bearer ', '')
  const backend = createBackend({
    semantics: (request, store) => {
      const user = nameOf(request.headers.get('authorization'))
      if (!user) return { status: 401, body: {} }
      return good({ ...request, table: `${request.table}@${user}` }, store)
    },
  })
  const world: Users = {
    backend,
    user: first,
    config: {
      identity: () => world.user,
      auth: { getHeaders: () => (world.user ? { Authorization: `Bearer ${world.user}` } : null) },
    },
    rows: (user, table = 'notes') => backend.rows(`${table}@${user}`),
    insert: (user, table, row) => void backend.insert(`${table}@${user}`, row),
    asked: (user) => backend.requests.filter(({ headers }) => nameOf(headers.authorization) === user).length,
    expectApart() {
      for (const { headers, body } of backend.requests) {
        const { text, title } = (body ?? {}) as { text?: string; title?: string }
        for (const words of [text, title])
          if (words) expect(words.split(' ')[0], 'sent under a login').toBe(nameOf(headers.authorization))
      }
    },
  }
  return world
}
