import { useState } from 'react'
import { type SeenRequest, useRequests } from './use-requests'

export function RequestList() {
  const [withPolls, setWithPolls] = useState(false)
  const requests = useRequests(60, withPolls)
  return (
    <div className="requests">
      <div className="requests-head">
        <h3>Requests</h3>
        <label>
          <input
            type="checkbox"
            checked={withPolls}
            onChange={(event) => setWithPolls(event.target.checked)}
          />
          polls too
        </label>
      </div>
      {requests.length === 0 && (
        <p className="requests-none">Writes of both devices show up here as they come in.</p>
      )}
      <ol>
        {requests.map((request) => (
          <RequestLine key={request.number} request={request} />
        ))}
      </ol>
    </div>
  )
}

function RequestLine({ request }: { readonly request: SeenRequest }) {
  const { device, user, method, path, status, replayed, took } = request
  return (
    <li className="request" data-tone={toneOf(status)}>
      <span className="request-device" data-device={device}>
        {device?.toUpperCase() ?? '–'}
      </span>
      <span className="request-what" title={user ? `${user}, on device ${device}` : `Device ${device}`}>
        <b>{method}</b> {path.replace(/\?.*/, '')} {user && <span className="request-user">{user}</span>}
      </span>
      <span className="request-status" title={`${took} ms`}>
        {replayed && <i title="Done before: the first answer was said again">repeat</i>}
        {status === 0 ? 'lost' : status}
      </span>
    </li>
  )
}

function toneOf(status: number): 'good' | 'bad' {
  return status >= 200 && status < 300 ? 'good' : 'bad'
}
