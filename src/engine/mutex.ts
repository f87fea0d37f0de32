/** Lets one task at a time in, in the order of asking. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task, task)
    this.#last = turn.catch(() => undefined) // the failure is the caller's; the next one's turn comes anyway
    return turn
  }
}
