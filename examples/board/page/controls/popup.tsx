import { type ReactNode, useEffect, useRef, useState } from 'react'

interface PopupProps {
  /** What it is, for those who do not see it. */
  readonly label: string
  readonly className?: string
  readonly trigger: ReactNode
  children(close: () => void): ReactNode
}

/** A button with a small panel under it. Escape, a click elsewhere or leaving it by the keyboard closes it. */
export function Popup({ label, className = '', trigger, children }: PopupProps) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!open) return
    const leaving = new AbortController()
    const { signal } = leaving
    const leave = ({ target }: Event) => {
      if (!box.current?.contains(target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', leave, { signal })
    document.addEventListener('focusin', leave, { signal })
    document.addEventListener('keydown', closeByKey, { signal })
    function closeByKey({ key }: KeyboardEvent): void {
      if (key !== 'Escape') return
      setOpen(false)
      button.current?.focus()
    }
    return () => leaving.abort()
  }, [open])
  return (
    <div className="popup" ref={box}>
      <button
        ref={button}
        type="button"
        className={`popup-button ${className}`}
        aria-label={label}
        aria-expanded={open}
        title={label}
        onClick={() => setOpen(!open)}
      >
        {trigger}
      </button>
      {open && <div className="popup-panel">{children(() => setOpen(false))}</div>}
    </div>
  )
}
