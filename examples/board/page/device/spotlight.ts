/** The card the stage points at, as a store for React. */
export interface Spotlight {
  point(id: number | undefined): void
  getSnapshot(): number | undefined
  subscribe(changed: () => void): () => void
}

export function createSpotlight(): Spotlight {
  let lit: number | undefined
  const listeners = new Set<() => void>()
  return {
    point(id) {
      lit = id
      for (const changed of listeners) changed()
    },
    getSnapshot: () => lit,
    subscribe(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
  }
}
