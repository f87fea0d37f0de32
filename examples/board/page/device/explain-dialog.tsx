import { useLiveQuery } from 'dexie-react-hooks'
import { Dialog } from '../controls/dialog'
import type { Card } from './board'
import { attemptWords, entryWords, lastWords, whyWords } from './explain-words'
import { useDevice, useSyncStatus } from './use-board'
import { VersionTable } from './version-table'

interface ExplainProps {
  readonly card: Card
  onClose(): void
}

/** Everything sync knows about one card, in words, and the way to give up what waits of it. */
export function ExplainDialog({ card, onClose }: ExplainProps) {
  const { sync } = useDevice()
  const status = useSyncStatus()
  // The status is part of the question: going offline changes the answer and no row.
  const explained = useLiveQuery(() => sync.explain('cards', card.id), [sync, card.id, status])

  async function giveUp(): Promise<void> {
    await sync.discard('cards', card.id)
    onClose()
  }

  return (
    <Dialog title={card.title} onClose={onClose}>
      {explained && (
        <div className="explain">
          <p className="explain-why" data-why={explained.why}>
            {whyWords[explained.why]}
          </p>
          <VersionTable explained={explained} />
          {explained.entries.length > 0 && (
            <ol className="explain-facts" aria-label="Changes that are not settled">
              {explained.entries.map((entry) => (
                <li key={entry.op}>{entryWords(entry)}</li>
              ))}
            </ol>
          )}
          {explained.nextAttempt !== undefined && (
            <p className="explain-facts">{attemptWords(explained.nextAttempt)}</p>
          )}
          {explained.last && <p className="explain-facts">{lastWords(explained.last)}</p>}
          {explained.entries.length > 0 && (
            <button type="button" className="button" onClick={() => void giveUp()}>
              Give up these changes
            </button>
          )}
        </div>
      )}
    </Dialog>
  )
}
