import { useState } from 'react'
import type { Card } from './board'
import { ExplainDialog } from './explain-dialog'
import { MarkBadge } from './mark-badge'
import type { Mark } from './marks'

interface AboutProps {
  readonly card: Card
  readonly mark: Mark | undefined
}

/** The number of a card and what it waits for; pressed, it tells all that sync knows of it. */
export function CardAbout({ card, mark }: AboutProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className="card-about"
        aria-label={`Explain ${card.title}${mark ? `, ${mark}` : ''}`}
        title="What sync knows about this card"
        onClick={() => setOpen(true)}
      >
        {card.id < 0 ? (
          <span className="card-number card-new" title="The server has not given it a number yet">
            new
          </span>
        ) : (
          <span className="card-number">#{card.id}</span>
        )}
        {mark && <MarkBadge mark={mark} />}
      </button>
      {open && <ExplainDialog card={card} onClose={() => setOpen(false)} />}
    </>
  )
}
