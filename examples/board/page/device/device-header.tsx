import { Switch } from '../controls/switch'
import { HealthMenu } from './health-menu'
import { pillOf } from './pill'
import { useDevice, useNetworkOn, useQueueDepth, useSyncStatus } from './use-board'
import { UserMenu } from './user-menu'

export function DeviceHeader() {
  const { name, network } = useDevice()
  const status = useSyncStatus()
  const networkOn = useNetworkOn()
  const waiting = useQueueDepth()
  const pill = pillOf({ ...status, pending: waiting }, networkOn)
  return (
    <header className="device-header">
      <span className="device-letter" aria-hidden="true">
        {name.toUpperCase()}
      </span>
      <div className="device-title">
        <h1>
          Device {name.toUpperCase()}
          {status.leader && (
            <span className="leader" title="Of all tabs of this device, this one talks to the server">
              leader
            </span>
          )}
        </h1>
        <p className="device-facts">
          <span>{status.lastSyncedAt ? `Synced ${clock(status.lastSyncedAt)}` : 'Not synced yet'}</span>
          <span>{waiting === 0 ? 'Queue empty' : `${waiting} in queue`}</span>
        </p>
      </div>
      <p className="pill" data-tone={pill.tone} role="status">
        <span className="pill-dot" aria-hidden="true" />
        {pill.text}
      </p>
      <HealthMenu />
      <Switch label="Online" on={networkOn} onChange={network.set} />
      <UserMenu />
    </header>
  )
}

function clock(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour12: false })
}
