import { vi } from 'vitest'

/**
 * Where a tab can be killed. In a transaction (`capture` to `page`) at its first such write: it is rolled back, as a
 * page that dies leaves it. `send`: the fence is on disk, the request does not leave. `answer`: the server has done it,
 * nobody hears the answer.
 */
export type KillPoint = keyof typeof writes | 'send' | 'answer'

const writes = {
  capture: ['_sync_log', 'add'],
  fence: ['_sync_fences', 'put'],
  settle: ['_sync_fences', 'delete'],
  rename: ['_sync_aliases', 'put'],
  letter: ['_sync_letters', 'put'],
  page: ['_sync_checkpoints', 'put'],
} as const

/** Calls `reached` with each write that is a kill point. Answers how to take it away again. */
export function watchWrites(reached: (point: KillPoint) => void): () => void {
  const spies = (['add', 'put', 'delete'] as const).map((verb) => {
    const real = IDBObjectStore.prototype[verb] as (...parts: unknown[]) => never
    return vi.spyOn(IDBObjectStore.prototype, verb).mockImplementation(function (
      this: IDBObjectStore,
      ...parts: unknown[]
    ): never {
      const request = real.apply(this, parts)
      for (const [point, [store, kind]] of Object.entries(writes))
        if (store === this.name && kind === verb) reached(point as KillPoint)
      return request
    })
  })
  return () => {
    for (const spy of spies) spy.mockRestore()
  }
}
