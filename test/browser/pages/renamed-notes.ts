import type Dexie from 'dexie'
import { type MigrateOutbox, type Route, type Row, resource } from 'dexie-rest-sync'

/** A release in which cards call `remarks` what the backend goes on calling `notes`. */
export function declareRenamed(db: Dexie): void {
  db.version(2)
    .stores({ cards: '++id, title, remarks' })
    .upgrade((tx) => tx.table('cards').toCollection().modify(renamed))
}

export const migrateCards: MigrateOutbox = (row, { table }) => {
  if (table === 'cards') renamed(row)
}

function renamed(row: Row): void {
  if (!('notes' in row)) return
  row.remarks = row.notes
  delete row.notes
}

function toServer({ remarks, ...row }: Row): Row {
  return { ...row, ...(remarks !== undefined && { notes: remarks }) }
}

function fromServer(row: Row): Row {
  const copy = { ...row }
  renamed(copy)
  return copy
}

export function renamedCards(): Route {
  const { push, pull } = resource('/api/cards')
  if (!push || !pull) throw new Error('a resource is pushed and pulled')
  const mapResponse = (row: Row) => fromServer(row)
  return {
    push: {
      create: { ...push.create!, body: toServer, mapResponse },
      update: { ...push.update!, body: (_, { changes }) => toServer(changes), mapResponse },
      delete: push.delete!,
    },
    pull: { ...pull, mapResponse: ({ data }) => data.map(fromServer) },
  }
}
