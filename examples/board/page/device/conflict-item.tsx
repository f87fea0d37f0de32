import { useLiveQuery } from 'dexie-react-hooks'
import { type AnyRow, differing, fieldTitle, rowTitle, showValue } from './fields'
import { type RowConflict, useDevice, usePeople } from './use-board'

/** Mine beside theirs, with what differs, and a button under each. */
export function ConflictItem({ conflict }: { readonly conflict: RowConflict }) {
  const { db, sync } = useDevice()
  const { id, table, key, remote } = conflict
  // The row as it is now: it can be edited while it is held.
  const mine: AnyRow = useLiveQuery(() => db.table(table).get(key), [db, table, key])
  const title = rowTitle(mine, remote)
  const fields = mine && remote ? differing(mine, remote) : conflict.fields
  return (
    <li className="panel-item" aria-label={`Conflict about ${title}`}>
      <div className="versions">
        <Version name="On this device" row={mine} fields={fields} conflicting={conflict.fields}>
          <button
            type="button"
            className="button button-main"
            onClick={() => void sync.conflicts.resolve(id, 'local')}
          >
            Keep mine
          </button>
        </Version>
        <Version name="At the server" row={remote} fields={fields} conflicting={conflict.fields}>
          <button type="button" className="button" onClick={() => void sync.conflicts.resolve(id, 'remote')}>
            Take theirs
          </button>
        </Version>
      </div>
    </li>
  )
}

interface VersionProps {
  readonly name: string
  readonly row: AnyRow
  readonly fields: readonly string[]
  /** Those nobody could merge. */
  readonly conflicting: readonly string[]
  readonly children: React.ReactNode
}

function Version({ name, row, fields, conflicting, children }: VersionProps) {
  const people = usePeople()
  return (
    <section className="version" aria-label={name}>
      <h3>{name}</h3>
      {row ? (
        <dl>
          {fields.map((field) => (
            <div key={field} data-conflicting={conflicting.includes(field)}>
              <dt>{fieldTitle(field)}</dt>
              <dd>{showValue(field, row[field], people)}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p>Deleted</p>
      )}
      {children}
    </section>
  )
}
