import { useState } from 'react'
import { Dialog } from '../controls/dialog'
import { type Leaving, signOut } from './login'
import type { User } from './session'
import { useDevice, useUnsettled } from './use-board'

interface SignOutProps {
  readonly user: User
  onClose(): void
}

/** Asked when something is not at the server: nobody loses work by logging out. */
export function SignOutDialog({ user, onClose }: SignOutProps) {
  const device = useDevice()
  const count = useUnsettled().length
  const [sending, setSending] = useState(false)
  const [trouble, setTrouble] = useState<string>()
  async function leave(pending: Leaving): Promise<void> {
    setTrouble(undefined)
    setSending(pending === 'push')
    try {
      await signOut(device, pending)
      onClose()
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error))
      setSending(false)
    }
  }
  const first = user.title.split(' ')[0]
  return (
    <Dialog
      title={count === 1 ? '1 change is not at the server' : `${count} changes are not at the server`}
      onClose={onClose}
    >
      <p className="dialog-text">Signing out takes all rows off this device. What shall become of these?</p>
      <ul className="ways">
        <Way title="Send them first" onChoose={() => void leave('push')}>
          {sending ? 'Sending …' : 'Signs out once the server has them all.'}
        </Way>
        <Way title="Keep them" onChoose={() => void leave('keep')}>
          They stay sealed on this device, and go on when {first} logs in again.
        </Way>
        <Way title="Throw them away" onChoose={() => void leave('discard')}>
          They are gone for good.
        </Way>
        <Way title="Stay signed in" onChoose={onClose}>
          Nothing happens.
        </Way>
      </ul>
      {trouble && (
        <p className="dialog-trouble" role="alert">
          {trouble}
        </p>
      )}
    </Dialog>
  )
}

interface WayProps {
  readonly title: string
  readonly children: React.ReactNode
  onChoose(): void
}

function Way({ title, children, onChoose }: WayProps) {
  return (
    <li>
      <button type="button" className="way" onClick={onChoose}>
        <b>{title}</b>
        <span>{children}</span>
      </button>
    </li>
  )
}
