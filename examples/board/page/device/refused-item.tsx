import { useLiveQuery } from 'dexie-react-hooks'
import type { DeadLetter } from 'dexie-rest-sync'
import { type FormEvent, useState } from 'react'
import { useDevice } from './use-board'

const deeds = { create: 'New', update: 'Change of', delete: 'Deletion of' }

export function RefusedItem({ letter }: { readonly letter: DeadLetter }) {
  const { db, sync } = useDevice()
  const row = useLiveQuery(() => db.table(letter.table).get(letter.key as string | number), [db, letter])
  const field = letter.table === 'cards' ? 'title' : 'name'
  const now: string = row?.[field] ?? ''
  const [draft, setDraft] = useState<string>()
  const canEdit = letter.kind !== 'delete' && row !== undefined
  const text = draft ?? now

  function retry(event: FormEvent): void {
    event.preventDefault()
    const wanted = text.trim()
    const { deadLetters } = sync
    void (canEdit && wanted !== now
      ? deadLetters.edit(letter.id, { [field]: wanted })
      : deadLetters.retry(letter.id))
  }

  return (
    <li className="panel-item">
      <p className="refused-what">
        <strong>
          {deeds[letter.kind]} {letter.table === 'cards' ? 'card' : 'teammate'}
        </strong>{' '}
        {letter.reason.message ?? letter.reason.code}
        {letter.reason.status && <span className="refused-status">{letter.reason.status}</span>}
      </p>
      <form className="refused-form" onSubmit={retry}>
        {canEdit && (
          <input
            className="field"
            aria-label={`Correct the ${field}`}
            value={text}
            onChange={(event) => setDraft(event.target.value)}
          />
        )}
        <button type="submit" className="button button-main">
          {canEdit && text.trim() !== now ? 'Save & retry' : 'Retry'}
        </button>
        <button type="button" className="button" onClick={() => void sync.deadLetters.discard(letter.id)}>
          Discard
        </button>
      </form>
    </li>
  )
}
