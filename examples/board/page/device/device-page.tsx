import type { Activity } from './activity'
import { ActivityList } from './activity-list'
import { Attention } from './attention'
import { BoardView } from './board-view'
import { DeviceHeader } from './device-header'
import { LoginPanel } from './login-panel'
import { Team } from './team'
import { useUser } from './use-board'

/** One device: an ordinary app on its own database. */
export function DevicePage({ activity }: { readonly activity: Activity }) {
  const user = useUser()
  return (
    <main className="device">
      <DeviceHeader />
      {user ? (
        <>
          <Attention />
          <BoardView />
        </>
      ) : (
        <LoginPanel />
      )}
      <footer className="device-footer">
        {user && <Team />}
        <ActivityList activity={activity} />
      </footer>
    </main>
  )
}
