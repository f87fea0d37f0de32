import { type FormEvent, type KeyboardEvent, useState } from 'react'
import type { Card } from './board'

interface EditorProps {
  readonly card: Card
  save(changes: Partial<Pick<Card, 'title' | 'notes'>>): Promise<void>
  close(): void
}

/** Enter saves, Escape leaves everything as it was. */
export function CardEditor({ card, save, close }: EditorProps) {
  const [title, setTitle] = useState(card.title)
  const [notes, setNotes] = useState(card.notes)

  async function submit(event?: FormEvent): Promise<void> {
    event?.preventDefault()
    const wanted = title.trim()
    if (!wanted) return
    close()
    // Only what was changed here: a field somebody else changed meanwhile is not ours to write.
    const changes = {
      ...(wanted === card.title ? {} : { title: wanted }),
      ...(notes === card.notes ? {} : { notes }),
    }
    if (Object.keys(changes).length > 0) await save(changes)
  }
  function key(event: KeyboardEvent): void {
    if (event.key === 'Escape') close()
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void submit()
    }
  }

  return (
    <form className="editor" onSubmit={(event) => void submit(event)} onKeyDown={key}>
      <textarea
        className="field"
        aria-label="Title"
        rows={2}
        // biome-ignore lint/a11y/noAutofocus: the person has just asked to edit this
        autoFocus
        value={title}
        onChange={(event) => setTitle(event.target.value)}
      />
      <textarea
        className="field"
        aria-label="Notes"
        placeholder="Notes"
        rows={2}
        value={notes}
        onChange={(event) => setNotes(event.target.value)}
      />
      <div className="editor-buttons">
        <button type="submit" className="button button-main">
          Save
        </button>
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
      </div>
    </form>
  )
}
