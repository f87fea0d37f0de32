import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createActivity } from './activity'
import { openBoard } from './board'
import { DevicePage } from './device-page'
import { installNetworkSwitch } from './network-switch'
import { DeviceContext } from './use-board'

const wanted = new URLSearchParams(location.search).get('name') ?? 'a'
const name = /^[a-z]$/i.test(wanted) ? wanted.toLowerCase() : 'a'
document.documentElement.dataset.device = name
document.title = `Device ${name.toUpperCase()} · Team board`

// In this order: sync looks at the network when it starts.
const network = installNetworkSwitch(name)
const board = openBoard(name)
const activity = createActivity(board.sync)

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <DeviceContext value={{ ...board, network }}>
      <DevicePage activity={activity} />
    </DeviceContext>
  </StrictMode>,
)
