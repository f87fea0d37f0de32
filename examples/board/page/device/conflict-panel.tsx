import { Icon } from '../controls/icon'
import { ConflictItem } from './conflict-item'
import type { RowConflict } from './use-board'

/** Conflicts the rules leave to a person. */
export function ConflictPanel({ parked }: { readonly parked: readonly RowConflict[] }) {
  return (
    <section className="panel panel-parked" aria-labelledby="parked-title">
      <h2 className="panel-title" id="parked-title">
        <Icon name="fork" />
        Changed in two places: you choose <span className="column-count">{parked.length}</span>
      </h2>
      <ul>
        {parked.map((conflict) => (
          <ConflictItem key={conflict.id} conflict={conflict} />
        ))}
      </ul>
    </section>
  )
}
