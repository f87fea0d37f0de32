import { useRef } from 'react'
import { columns } from './board'
import { ColumnView } from './column-view'
import { useCards, useDevice, useMarks, usePeople } from './use-board'

export function BoardView() {
  const cards = useCards()
  const people = usePeople()
  const marks = useMarks('cards')
  const stableKey = useStableKeys()
  return (
    <div className="columns" aria-busy={cards === undefined}>
      {columns.map((column) => (
        <ColumnView
          key={column.name}
          column={column}
          cards={(cards ?? []).filter((card) => card.column === column.name)}
          people={people}
          marks={marks}
          stableKey={stableKey}
        />
      ))}
    </div>
  )
}

/**
 * A card keeps its place in React when the server's key replaces its temporary one, so that an input somebody types
 * into is not thrown away.
 */
function useStableKeys(): (id: number) => number {
  const { sync } = useDevice()
  const temporary = useRef(new Set<number>())
  return (id) => {
    if (id < 0) temporary.current.add(id)
    else for (const early of temporary.current) if (sync.resolveKey('cards', early) === id) return early
    return id
  }
}
