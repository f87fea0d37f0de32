import { type Backend, createBackend, goodSemantics } from './backend'
import { createStore } from './backend-store'
import { type FakeDevice, fakeDevice } from './fake-environment'

/** A device whose clock may be wrong, and a backend that knows what time it is. */
export interface TrueTime {
  readonly device: FakeDevice
  readonly backend: Backend
  /** What time it really is, ms. */
  now(): number
  /** The device's clock is set forward or back. */
  jump(ms: number): void
}

/**
 * `skew`: ms the device's clock is ahead at first. `telling`: answers say what time it is, by `Date`.
 * `answersConflicts`: 409 to an edit of an old version.
 */
export function trueTime({ skew = 0, telling = true, answersConflicts = false } = {}): TrueTime {
  const device = fakeDevice()
  let ahead = 0
  const now = () => device.now() - ahead
  const jump = (ms: number) => {
    ahead += ms
    device.jumpClock(ms)
  }
  jump(skew)
  const backend = createBackend({
    store: { ...createStore(), now },
    semantics: goodSemantics({ answersConflicts }),
  })
  const fetch = async (request: Request) => {
    const answer = await backend.fetch(request)
    if (telling) answer.headers.set('date', new Date(now()).toUTCString())
    return answer
  }
  return { device, backend: { ...backend, fetch }, now, jump }
}
