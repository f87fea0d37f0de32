import { Icon } from '../controls/icon'
import { RefusedItem } from './refused-item'
import { useRefused } from './use-board'

/** What the server refused stays until a person decides: nothing is dropped in silence. */
export function RefusedPanel() {
  const refused = useRefused()
  if (refused.length === 0) return null
  return (
    <section className="refused" aria-labelledby="refused-title">
      <h2 className="refused-title" id="refused-title">
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
