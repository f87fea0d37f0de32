import { useState } from 'react'
import { Icon } from '../controls/icon'
import { AssigneePicker } from './assignee-picker'
import type { Card, ColumnName, Person } from './board'
import { CardEditor } from './card-editor'
import { dragType } from './column-view'
import { changeCard, deleteCard, moveCard } from './edits'
import { MarkBadge } from './mark-badge'
import type { Mark } from './marks'
import { useDevice } from './use-board'

interface Neighbour {
  readonly name: ColumnName
  readonly title: string
}

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
  const move = (to: Neighbour) => void moveCard(db, card.id, to.name)
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
      className="card"
      data-mark={mark}
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
        {card.id < 0 ? (
          <span className="card-number card-new" title="The server has not given it a number yet">
            new
          </span>
        ) : (
          <span className="card-number">#{card.id}</span>
        )}
        {mark && <MarkBadge mark={mark} />}
        <AssigneePicker
          title={card.title}
          people={people}
          assignee={card.assignee}
          pick={(assignee) => changeCard(db, card.id, { assignee })}
        />
      </div>
      <div className="card-actions">
        {before && (
          <button
            type="button"
            className="tool"
            aria-label={`Move ${card.title} to ${before.title}`}
            onClick={() => move(before)}
          >
            <Icon name="left" />
          </button>
        )}
        {after && (
          <button
            type="button"
            className="tool"
            aria-label={`Move ${card.title} to ${after.title}`}
            onClick={() => move(after)}
          >
            <Icon name="right" />
          </button>
        )}
        <button
          type="button"
          className="tool"
          aria-label={`Delete ${card.title}`}
          onClick={() => void deleteCard(db, card.id)}
        >
          <Icon name="trash" />
        </button>
      </div>
    </li>
  )
}
