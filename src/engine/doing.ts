/** What has begun and is not over. */
export class Doing {
  readonly #all = new Set<Promise<unknown>>()

  add<T>(work: Promise<T>): Promise<T> {
    this.#all.add(work)
    const over = () => this.#all.delete(work)
    work.then(over, over)
    return work
  }

  /** Resolves when nothing of it goes on; what failed has told whoever began it. */
  async over(): Promise<void> {
    while (this.#all.size > 0) await Promise.allSettled(this.#all)
  }
}
