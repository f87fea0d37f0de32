import { isSyncError } from 'dexie-rest-sync'
import { useState } from 'react'
import { Popup } from '../controls/popup'
import { Avatar } from './avatar'
import { signOut } from './login'
import { SignOutDialog } from './sign-out-dialog'
import { useDevice, useUser } from './use-board'

export function UserMenu() {
  const device = useDevice()
  const user = useUser()
  const [asking, setAsking] = useState(false)

  async function leave(): Promise<void> {
    try {
      await signOut(device, 'refuse')
    } catch (error) {
      if (!isSyncError(error) || error.code !== 'unsynced-changes') throw error
      setAsking(true)
    }
  }

  if (!user) return null
  return (
    <>
      <Popup
        label={`Account of ${user.title}`}
        className="user-button"
        trigger={<Avatar person={{ name: user.title, hue: user.hue }} />}
      >
        {(close) => (
          <>
            <p className="popup-title">{user.title}</p>
            <p className="popup-text">Signing out takes every row of theirs off this device.</p>
            <button
              type="button"
              className="button"
              onClick={() => {
                close()
                void leave()
              }}
            >
              Sign out
            </button>
          </>
        )}
      </Popup>
      {asking && <SignOutDialog user={user} onClose={() => setAsking(false)} />}
    </>
  )
}
