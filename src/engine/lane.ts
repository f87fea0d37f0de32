/**
 * Runs one job at a time. Who asks while it runs gets the run after, which begins after the asking and so sees
 * everything that was there; all who ask meanwhile share it.
 */
export class Lane<T> {
  readonly #job: () => Promise<T>
  #running: Promise<T> | undefined
  #next: Promise<T> | undefined

  constructor(job: () => Promise<T>) {
    this.#job = job
  }

  /** The run under way, or undefined. */
  get running(): Promise<T> | undefined {
    return this.#running
  }

  run(): Promise<T> {
    if (!this.#running) return this.#start()
    this.#next ??= this.#running.then(
      () => this.#start(),
      () => this.#start(),
    )
    return this.#next
  }

  #start(): Promise<T> {
    this.#next = undefined
    const running = this.#job().finally(() => {
      if (this.#running === running) this.#running = undefined
    })
    this.#running = running
    return running
  }

  /** Resolves when nothing runs and nothing is asked for. */
  async idle(): Promise<void> {
    // Whoever asked for a run hears of its failure; here only its end counts.
    while (this.#running || this.#next) await (this.#next ?? this.#running)?.catch(() => undefined)
  }
}
