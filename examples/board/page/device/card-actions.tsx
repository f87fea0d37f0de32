import { Icon } from '../controls/icon'
import type { Card, ColumnName } from './board'
import { deleteCard, moveCard } from './edits'
import { useDevice } from './use-board'

export interface Neighbour {
  readonly name: ColumnName
  readonly title: string
}

interface ActionsProps {
  readonly card: Card
  readonly before: Neighbour | undefined
  readonly after: Neighbour | undefined
}

export function CardActions({ card, before, after }: ActionsProps) {
  const { db } = useDevice()
  const move = ({ name }: Neighbour) => void moveCard(db, card.id, name)
  return (
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
  )
}
