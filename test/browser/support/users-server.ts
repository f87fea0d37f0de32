import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import express from 'express'
import { type Users, users } from '../../support/users'
import type { Judged } from './final-state'
import { labPages } from './lab-pages'

/** A backend where everybody has cards of their own, on another origin than the lab page. */
export interface UsersServer extends Users {
  /** Of the lab page. */
  readonly url: string
  /** Of the API. */
  readonly api: string
  /** What one user has there. */
  of(user: string): Judged & { readonly url: string }
  close(): Promise<void>
}

export async function startUsersServer(): Promise<UsersServer> {
  const world = users(null)
  const [pages, api] = await Promise.all([labPages(), world.backend.listen()])
  const http = createServer(express().use(pages))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const madeElsewhere = new Set<string>()
  return {
    ...world,
    url,
    api: api.url,
    of: (user) => ({
      url,
      madeElsewhere,
      everyRow: async (table) => world.backend.store.all(`${table}@${user}`),
    }),
    insert(user, table, row) {
      madeElsewhere.add(String(row.title))
      world.insert(user, table, row)
    },
    async close() {
      await api.close()
      http.closeAllConnections()
      await promisify(http.close.bind(http))()
    },
  }
}
