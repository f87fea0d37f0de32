import { Icon } from '../controls/icon'
import type { Card } from './board'
import { voteFor } from './edits'
import { useDevice } from './use-board'

export function VoteButton({ card }: { readonly card: Card }) {
  const { db } = useDevice()
  return (
    <button
      type="button"
      className="vote"
      aria-label={`Vote for ${card.title}`}
      title="Vote: votes of both devices add up"
      onClick={() => void voteFor(db, card.id)}
    >
      <Icon name="vote" />
      {card.votes}
    </button>
  )
}
