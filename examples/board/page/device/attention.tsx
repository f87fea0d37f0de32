import { ConflictPanel } from './conflict-panel'
import { RefusedPanel } from './refused-panel'
import { SettledPanel } from './settled-panel'
import { useConflicts, useRefused } from './use-board'

/** What sync leaves to a person, and what it settled without one: nothing is dropped in silence. */
export function Attention() {
  const refused = useRefused()
  const conflicts = useConflicts()
  const parked = conflicts.filter(({ state }) => state === 'parked')
  const settled = conflicts.filter(({ state }) => state === 'decided')
  if (refused.length + conflicts.length === 0) return null
  return (
    <div className="attention">
      {refused.length > 0 && <RefusedPanel refused={refused} />}
      {parked.length > 0 && <ConflictPanel parked={parked} />}
      {settled.length > 0 && <SettledPanel settled={settled} />}
    </div>
  )
}
