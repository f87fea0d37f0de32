import { useEffect, useRef, useState } from 'react'
import { AssigneePicker } from './assignee-picker'
import type { Card, Person } from './board'
import { CardAbout } from './card-about'
import { CardActions, type Neighbour } from './card-actions'
import { CardEditor } from './card-editor'
import { dragType } from './column-view'
import { changeCard } from './edits'
import type { Mark } from './marks'
import { useDevice, useSpotlight } from './use-board'
import { VoteButton } from './vote-button'

interface CardProps {
  readonly card: Card
  readonly people: readonly Person[]
  readonly mark: Mark | undefined
  readonly before: Neighbour | undefined
  readonly after: Neighbour | undefined
}

export function CardView({ card, people, mark, before, after }: CardProps) {
  const { db } = useDevice()
  const [editing, setEditing] = useState(false)
  const isLit = useSpotlight() === card.id
  const element = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (isLit) element.current?.scrollIntoView({ block: 'nearest' })
  }, [isLit])
  if (editing) {
    return (
      <li className="card card-editing">
        <CardEditor
          card={card}
          close={() => setEditing(false)}
          save={(changes) => changeCard(db, card.id, changes)}
        />
      </li>
    )
  }
  return (
    <li
      ref={element}
      className="card"
      data-mark={mark}
      data-lit={isLit}
      draggable
      onDragStart={(event) => event.dataTransfer.setData(dragType, String(card.id))}
    >
      <button
        type="button"
        className="card-title"
        aria-label={`Edit ${card.title}`}
        onClick={() => setEditing(true)}
      >
        {card.title}
      </button>
      {card.notes && <p className="card-notes">{card.notes}</p>}
      <div className="card-foot">
        <CardAbout card={card} mark={mark} />
        <VoteButton card={card} />
        <AssigneePicker
          title={card.title}
          people={people}
          assignee={card.assignee}
          pick={(assignee) => changeCard(db, card.id, { assignee })}
        />
      </div>
      <CardActions card={card} before={before} after={after} />
    </li>
  )
}
