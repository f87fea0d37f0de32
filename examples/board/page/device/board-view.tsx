import { columns } from './board'
import { ColumnView } from './column-view'
import { useMarks, usePeople } from './use-board'
import { useCards } from './use-cards'

export function BoardView() {
  const cards = useCards()
  const people = usePeople()
  const marks = useMarks('cards')
  return (
    <div className="columns" aria-busy={cards === undefined}>
      {columns.map((column) => (
        <ColumnView
          key={column.name}
          column={column}
          cards={(cards ?? []).filter((card) => card.column === column.name)}
          people={people}
          marks={marks}
        />
      ))}
    </div>
  )
}
