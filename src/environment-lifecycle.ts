/** What happens to a page: seen or hidden, put away (`freeze`) and brought back (`thaw`), connection. */
export type LifecycleMoment = 'visible' | 'hidden' | 'freeze' | 'thaw' | 'online' | 'offline'

/**
 * Tells what happens to this page or worker; in Node nothing ever does. `freeze` is the last moment a page may
 * hear of: it goes for good, into the back-forward cache, or to sleep.
 */
export function listenToLifecycle(heard: (moment: LifecycleMoment) => void): () => void {
  const stopped = new AbortController()
  const { signal } = stopped
  let away = false

  const on = (target: EventTarget | undefined, type: string, listener: () => void) =>
    target?.addEventListener?.(type, listener, { signal })
  const putAway = () => {
    if (away) return
    away = true
    heard('freeze')
  }
  const bringBack = () => {
    if (!away) return
    away = false
    heard('thaw')
  }

  const page = globalThis.document
  on(page, 'visibilitychange', () => heard(page.visibilityState === 'hidden' ? 'hidden' : 'visible'))
  on(page, 'freeze', putAway)
  on(page, 'resume', bringBack)
  const scope = globalThis as Partial<EventTarget> as EventTarget
  on(scope, 'pagehide', putAway)
  on(scope, 'pageshow', bringBack)
  on(scope, 'online', () => heard('online'))
  on(scope, 'offline', () => heard('offline'))
  return () => stopped.abort()
}
