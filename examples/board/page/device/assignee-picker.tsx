import { Avatar } from './avatar'
import type { Person } from './board'

interface PickerProps {
  readonly title: string
  readonly people: readonly Person[]
  readonly assignee: string | null
  pick(assignee: string | null): Promise<void>
}

/** An avatar that is a select: the browser's own list, keyboard and all, under a face. */
export function AssigneePicker({ title, people, assignee, pick }: PickerProps) {
  const person = people.find(({ id }) => id === assignee)
  return (
    <span className="picker" title={person?.name ?? 'Nobody'}>
      <Avatar person={person} />
      <select
        aria-label={`Who does ${title}`}
        value={person ? person.id : ''}
        onChange={(event) => void pick(event.target.value || null)}
      >
        <option value="">Nobody</option>
        {people.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </span>
  )
}
