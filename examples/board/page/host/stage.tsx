import { useRef } from 'react'
import { Guide } from './guide'
import { remoteDevice } from './remote-device'
import { ServerPanel } from './server-panel'

/** Two devices and the server between them. */
export function Stage() {
  const a = useRef<HTMLIFrameElement>(null)
  const b = useRef<HTMLIFrameElement>(null)
  return (
    <>
      <header className="stage-header">
        <svg className="stage-mark" viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="9" />
          <path d="M9 9h5v14H9zM18 9h5v9h-5z" />
        </svg>
        <h1>Team board</h1>
        <p>
          Two devices, each with a Dexie database of its own, kept equal by <code>dexie-rest-sync</code>. Take
          one offline, edit on both, bring it back.
        </p>
      </header>
      <Guide devices={() => ({ a: remoteDevice(a.current!), b: remoteDevice(b.current!) })} />
      <main className="stage">
        <iframe ref={a} className="frame" title="Device A" src="/device.html?name=a" />
        <ServerPanel />
        <iframe ref={b} className="frame" title="Device B" src="/device.html?name=b" />
      </main>
    </>
  )
}
