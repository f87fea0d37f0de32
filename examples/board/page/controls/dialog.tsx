import { type ReactNode, useEffect, useRef } from 'react'
import { createPortal } from 'react-dom'
import { Icon } from './icon'

interface DialogProps {
  readonly title: string
  readonly children: ReactNode
  onClose(): void
}

/** The browser's own modal dialog: it keeps the focus and closes on Escape. Whatever opened it may be dragged; it is not. */
export function Dialog({ title, children, onClose }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => element.current?.showModal(), [])
  return createPortal(
    <dialog ref={element} className="dialog" aria-label={title} onClose={onClose}>
      <header className="dialog-header">
        <h2>{title}</h2>
        <button type="button" className="tool" aria-label="Close" onClick={() => element.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>,
    document.body,
  )
}
