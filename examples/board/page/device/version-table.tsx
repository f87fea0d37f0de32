import type { Explanation } from 'dexie-rest-sync'
import { fieldsOf, fieldTitle, showValue } from './fields'
import { usePeople } from './use-board'

/** What the server has, as far as it is known here, beside what this device shows; nothing where they are the same. */
export function VersionTable({ explained }: { readonly explained: Explanation }) {
  const { local, base, incoming } = explained
  const people = usePeople()
  const server = incoming === undefined ? base : incoming
  if (server === undefined) return null
  return (
    <table className="version-table">
      <thead>
        <tr>
          <td />
          <th scope="col">At the server</th>
          <th scope="col">On this device</th>
        </tr>
      </thead>
      <tbody>
        {fieldsOf(server, local).map((field) => (
          <tr key={field} data-differs={server?.[field] !== local?.[field]}>
            <th scope="row">{fieldTitle(field)}</th>
            <td>{showValue(field, server?.[field], people)}</td>
            <td>{showValue(field, local?.[field], people)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
