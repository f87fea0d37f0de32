import { Avatar } from './avatar'
import { Composer } from './composer'
import { addPerson } from './edits'
import { useDevice, useMarks, usePeople } from './use-board'

export function Team() {
  const { db } = useDevice()
  const people = usePeople()
  const marks = useMarks('people')
  return (
    <section className="team" aria-label="Team">
      <ul className="team-people">
        {people.map((person) => (
          <li key={person.id} title={person.name} data-mark={marks.get(person.id)}>
            <Avatar person={person} />
            <span className="hidden">{person.name}</span>
          </li>
        ))}
      </ul>
      <Composer label="New teammate" placeholder="Add a teammate" add={(name) => addPerson(db, name)} />
    </section>
  )
}
