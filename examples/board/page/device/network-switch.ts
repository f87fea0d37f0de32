/** The connection of one device, which a person can pull out. */
export interface NetworkSwitch {
  isOn(): boolean
  set(on: boolean): void
  subscribe(changed: () => void): () => void
}

/**
 * Gives this page a connection of its own that can be cut, although both devices live in one browser: requests fail as
 * they do without a network (those under way too), `navigator.onLine` says so, and `online` and `offline` are heard.
 * Only a demonstration does this; it must be called before sync starts.
 */
export function installNetworkSwitch(name: string): NetworkSwitch {
  const remembered = `board-${name}-offline`
  const listeners = new Set<() => void>()
  const realFetch = window.fetch.bind(window)
  let on = localStorage.getItem(remembered) === null
  let cable = new AbortController()

  window.fetch = async (input, options) => {
    if (!on) throw new TypeError('Failed to fetch')
    const request = new Request(input, options)
    return realFetch(new Request(request, { signal: AbortSignal.any([request.signal, cable.signal]) }))
  }
  Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => on })

  return {
    isOn: () => on,
    set(wanted) {
      if (wanted === on) return
      on = wanted
      if (on) {
        cable = new AbortController()
        localStorage.removeItem(remembered)
      } else {
        localStorage.setItem(remembered, 'yes')
        cable.abort(new TypeError('Failed to fetch'))
      }
      window.dispatchEvent(new Event(on ? 'online' : 'offline'))
      for (const changed of listeners) changed()
    },
    subscribe(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
  }
}
