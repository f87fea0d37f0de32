import { type DragEvent, useState } from 'react'
import { type ColumnName, columns, type Person } from './board'
import { CardView } from './card-view'
import { Composer } from './composer'
import { addCard, moveCard } from './edits'
import type { Mark } from './marks'
import { useDevice } from './use-board'
import type { PlacedCard } from './use-cards'

interface ColumnProps {
  readonly column: { readonly name: ColumnName; readonly title: string }
  readonly cards: readonly PlacedCard[]
  readonly people: readonly Person[]
  readonly marks: ReadonlyMap<unknown, Mark>
}

/** Cards are dragged within one device only. */
export const dragType = 'application/x-board-card'

export function ColumnView({ column, cards, people, marks }: ColumnProps) {
  const { db } = useDevice()
  const [isTarget, setTarget] = useState(false)
  const place = columns.findIndex(({ name }) => name === column.name)

  function dragOver(event: DragEvent): void {
    if (!event.dataTransfer.types.includes(dragType)) return
    event.preventDefault()
    setTarget(true)
  }
  async function drop(event: DragEvent): Promise<void> {
    setTarget(false)
    const id = Number(event.dataTransfer.getData(dragType))
    if (id && !cards.some((card) => card.id === id)) await moveCard(db, id, column.name)
  }

  return (
    <section
      className="column"
      data-target={isTarget}
      aria-labelledby={`column-${column.name}`}
      onDragOver={dragOver}
      onDragLeave={() => setTarget(false)}
      onDrop={(event) => void drop(event)}
    >
      <h2 className="column-title" id={`column-${column.name}`}>
        <span className="column-dot" data-column={column.name} aria-hidden="true" />
        {column.title} <span className="column-count">{cards.length}</span>
      </h2>
      <ul className="cards">
        {cards.map((card) => (
          <CardView
            key={card.place}
            card={card}
            people={people}
            mark={marks.get(card.id)}
            before={columns[place - 1]}
            after={columns[place + 1]}
          />
        ))}
      </ul>
      <Composer
        label={`New card in ${column.title}`}
        placeholder="Add a card"
        add={(title) => addCard(db, column.name, title)}
      />
    </section>
  )
}
