import type { Row } from '../../src/model/change'
import type { Action } from './operations'
import type { Server } from './server'

type ServerAction = Extract<Action, { readonly kind: 'server-add' | 'server-edit' | 'server-delete' }>

/** What other systems do to the same data: they write to the server directly. */
export function performAtServer(server: Server, action: ServerAction): void {
  const { table, id } = action
  if (action.kind === 'server-add') {
    const row: Row = { birth: id, title: id, body: id }
    server.writeDirectly('POST', table, undefined, table === 'notes' ? { ...row, id: action.key } : row)
    return
  }
  const rows = server.rows(table).filter((row) => row.deleted_at === undefined)
  const row = rows[Math.floor(action.pick * rows.length)]
  if (!row) return
  const key = row.id as number | string
  if (action.kind === 'server-delete') server.writeDirectly('DELETE', table, key, {})
  else server.writeDirectly('PATCH', table, key, { [action.field]: id })
}
