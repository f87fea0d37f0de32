import { Icon } from '../controls/icon'
import { SettledItem } from './settled-item'
import type { RowConflict } from './use-board'

/** How many are shown; sync keeps them for a month. */
const longest = 10

/** Conflicts a rule settled, or a person before: what was overruled can be brought back. */
export function SettledPanel({ settled }: { readonly settled: readonly RowConflict[] }) {
  return (
    <details className="panel panel-settled">
      <summary className="panel-title">
        <Icon name="fork" />
        Settled conflicts <span className="column-count">{settled.length}</span>
      </summary>
      <ul>
        {settled.slice(0, longest).map((conflict) => (
          <SettledItem key={conflict.id} conflict={conflict} />
        ))}
      </ul>
    </details>
  )
}
