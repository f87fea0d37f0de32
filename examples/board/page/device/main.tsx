import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createActivity } from './activity'
import { openBoard } from './board'
import { obeyStage } from './deeds'
import { DevicePage } from './device-page'
import { installNetworkSwitch } from './network-switch'
import { openSession } from './session'
import { createSpotlight } from './spotlight'
import { DeviceContext } from './use-board'

const wanted = new URLSearchParams(location.search).get('name') ?? 'a'
const name = /^[a-z]$/i.test(wanted) ? wanted.toLowerCase() : 'a'
document.documentElement.dataset.device = name
document.title = `Device ${name.toUpperCase()} · Team board`

// In this order: sync looks at the network when it starts.
const network = installNetworkSwitch(name)
const session = openSession(name)
const board = openBoard(name, session)
const activity = createActivity(board.sync)
const spotlight = createSpotlight()
const device = { ...board, network, session, spotlight }
obeyStage(device)

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <DeviceContext value={device}>
      <DevicePage activity={activity} />
    </DeviceContext>
  </StrictMode>,
)
