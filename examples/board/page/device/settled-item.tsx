import { fieldTitle, rowTitle, showValue } from './fields'
import { type RowConflict, useDevice, usePeople } from './use-board'

const words = { local: 'yours stands', remote: 'theirs stands', merged: 'joined' }
const restores = {
  local: { decision: 'remote', text: 'Take theirs instead' },
  remote: { decision: 'local', text: 'Bring mine back' },
} as const

/** One line of what was decided, with what was overruled and the way to bring it back. */
export function SettledItem({ conflict }: { readonly conflict: RowConflict }) {
  const { sync } = useDevice()
  const people = usePeople()
  const { id, local, remote, decision = 'merged' } = conflict
  const title = rowTitle(local, remote)
  const restore = decision === 'merged' ? undefined : restores[decision]
  return (
    <li className="panel-item settled-item" aria-label={`Settled conflict about ${title}`}>
      <div>
        <strong>{title}</strong> {words[decision]}
        {conflict.fields.map((field) => (
          <p key={field} className="settled-field">
            {fieldTitle(field)}: yours {quoted(local ? showValue(field, local[field], people) : 'deleted')},
            theirs {quoted(remote ? showValue(field, remote[field], people) : 'deleted')}
          </p>
        ))}
      </div>
      {restore && (
        <button
          type="button"
          className="button"
          onClick={() => void sync.conflicts.resolve(id, restore.decision)}
        >
          {restore.text}
        </button>
      )}
    </li>
  )
}

function quoted(text: string): string {
  return `“${text}”`
}
