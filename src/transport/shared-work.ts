/** Work that is done once for all who ask while it is under way. */
export class SharedWork<T> {
  #running: Running<T> | undefined

  /**
   * The result of the work under way, else of `work`, begun now; undefined where `signal` ends the waiting. The work
   * goes on while anyone waits for it, then its own signal aborts: a stopped engine leaves no timer behind (I12).
   */
  async join(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    if (signal.aborted) return undefined
    this.#running ??= this.#begin(work)
    const running = this.#running
    let leave = () => {}
    const left = new Promise<undefined>((resolve) => {
      leave = () => resolve(undefined)
    })
    signal.addEventListener('abort', leave)
    running.waiting++
    try {
      return await Promise.race([running.result, left])
    } finally {
      signal.removeEventListener('abort', leave)
      if (--running.waiting === 0) running.stop.abort()
    }
  }

  #begin(work: (signal: AbortSignal) => Promise<T>): Running<T> {
    const stop = new AbortController()
    const result = work(stop.signal).finally(() => {
      this.#running = undefined
    })
    return { result, stop, waiting: 0 }
  }
}

interface Running<T> {
  readonly result: Promise<T>
  readonly stop: AbortController
  waiting: number
}
