/** The page's timeline, where it has one. */
export function timeline(): { mark?(name: string): void; measure?(name: string, since: string): void } {
  const { performance } = globalThis
  if (typeof performance?.measure !== 'function') return {}
  return {
    mark: (name) => void performance.mark(name),
    measure(name, since) {
      try {
        performance.measure(name, since)
      } catch {
        // The app has cleared the mark: there is nothing to measure from.
      }
    },
  }
}
