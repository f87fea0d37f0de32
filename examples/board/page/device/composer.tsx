import { type FormEvent, useState } from 'react'
import { Icon } from '../controls/icon'

interface ComposerProps {
  readonly label: string
  readonly placeholder: string
  add(text: string): Promise<void>
}

/** One line that adds something on Enter. */
export function Composer({ label, placeholder, add }: ComposerProps) {
  const [text, setText] = useState('')
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    const wanted = text.trim()
    if (!wanted) return
    setText('')
    await add(wanted)
  }
  return (
    <form className="composer" onSubmit={(event) => void submit(event)}>
      <Icon name="plus" />
      <input
        aria-label={label}
        placeholder={placeholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </form>
  )
}
