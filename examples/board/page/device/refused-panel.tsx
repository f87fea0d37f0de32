import type { DeadLetter } from 'dexie-rest-sync'
import { Icon } from '../controls/icon'
import { RefusedItem } from './refused-item'

/** What the server refused stays until a person decides. */
export function RefusedPanel({ refused }: { readonly refused: readonly DeadLetter[] }) {
  return (
    <section className="panel panel-refused" aria-labelledby="refused-title">
      <h2 className="panel-title" id="refused-title">
        <Icon name="stop" />
        Refused by the server <span className="column-count">{refused.length}</span>
      </h2>
      <ul>
        {refused.map((letter) => (
          <RefusedItem key={letter.id} letter={letter} />
        ))}
      </ul>
    </section>
  )
}
