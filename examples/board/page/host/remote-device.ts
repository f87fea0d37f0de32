import type { Deed } from '../device/deeds'

/** One of the two frames, asked to do something. Rejects with what the device said, or when it says nothing. */
export type RemoteDevice = (deed: Deed) => Promise<unknown>

/** How long a device may take for one deed, ms. */
const patience = 15_000

export function remoteDevice(frame: HTMLIFrameElement): RemoteDevice {
  return (deed) =>
    new Promise((done, failed) => {
      const { port1, port2 } = new MessageChannel()
      const tired = setTimeout(() => end(() => failed(new Error('The device does not answer.'))), patience)
      function end(tell: () => void): void {
        clearTimeout(tired)
        port1.close()
        tell()
      }
      port1.onmessage = ({ data: { error, answer } }) =>
        end(() => (error === undefined ? done(answer) : failed(new Error(error))))
      frame.contentWindow?.postMessage(deed, location.origin, [port2])
    })
}
