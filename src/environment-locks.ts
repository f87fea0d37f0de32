/** How to ask for a lock. */
export interface LockOptions {
  /** Gives up waiting; no effect once the task runs. */
  readonly signal?: AbortSignal
  /** Takes the lock from whoever holds it, whose `lost` then aborts. */
  readonly steal?: boolean
  /** Does not wait: the task gets `held: false` where the lock is not free. */
  readonly ifAvailable?: boolean
}

/** Runs `task` while holding the named lock. */
export type Lock = <T>(
  name: string,
  options: LockOptions,
  task: (held: boolean, lost: AbortSignal) => Promise<T>,
) => Promise<T>

interface Waiting {
  readonly mine: AbortController
  readonly go: () => void
}

interface Queue {
  holder: AbortController | undefined
  readonly waiting: Waiting[]
}

/**
 * Locks among the users of one table of locks, with the manners of Web Locks: first come, first served; a thief
 * goes before everybody. It stands in where the browser has no Web Locks; other tabs know nothing of it, so
 * correctness never rests on it (I10).
 */
export function createLocks(): { readonly lock: Lock; held(): number } {
  const queues = new Map<string, Queue>()

  function queueOf(name: string): Queue {
    const queue = queues.get(name) ?? { holder: undefined, waiting: [] }
    queues.set(name, queue)
    return queue
  }

  function waitTurn(queue: Queue, mine: AbortController, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const place: Waiting = {
        mine,
        go: () => {
          signal?.removeEventListener('abort', giveUp)
          resolve()
        },
      }
      const giveUp = () => {
        queue.waiting.splice(queue.waiting.indexOf(place), 1)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', giveUp, { once: true })
      queue.waiting.push(place)
    })
  }

  function handOn(name: string, queue: Queue): void {
    const next = queue.waiting.shift()
    // Its holder is named before the waiting task wakes, or somebody could come between.
    queue.holder = next?.mine
    if (next) next.go()
    else queues.delete(name)
  }

  async function hold<T>(
    name: string,
    queue: Queue,
    mine: AbortController,
    task: (held: boolean, lost: AbortSignal) => Promise<T>,
  ): Promise<T> {
    try {
      return await task(true, mine.signal)
    } finally {
      // Otherwise a thief holds it, and hands it on when done.
      if (queue.holder === mine) handOn(name, queue)
    }
  }

  async function lock<T>(
    name: string,
    { signal, steal = false, ifAvailable = false }: LockOptions,
    task: (held: boolean, lost: AbortSignal) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted()
    const mine = new AbortController()
    const queue = queueOf(name)
    if (queue.holder && ifAvailable) return task(false, mine.signal)
    if (queue.holder && !steal) {
      await waitTurn(queue, mine, signal)
    } else {
      queue.holder?.abort(new DOMException('The lock was stolen', 'AbortError'))
      queue.holder = mine
    }
    return hold(name, queue, mine, task)
  }

  return { lock, held: () => [...queues.values()].filter((queue) => queue.holder).length }
}
