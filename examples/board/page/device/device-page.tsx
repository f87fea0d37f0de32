import type { Activity } from './activity'
import { ActivityList } from './activity-list'
import { BoardView } from './board-view'
import { DeviceHeader } from './device-header'
import { RefusedPanel } from './refused-panel'
import { Team } from './team'

/** One device: an ordinary app on its own database. */
export function DevicePage({ activity }: { readonly activity: Activity }) {
  return (
    <main className="device">
      <DeviceHeader />
      <RefusedPanel />
      <BoardView />
      <footer className="device-footer">
        <Team />
        <ActivityList activity={activity} />
      </footer>
    </main>
  )
}
