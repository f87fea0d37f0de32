/** One request as the server saw it. */
export interface LoggedRequest {
  readonly number: number
  /** Wall clock at its arrival, ms. */
  readonly at: number
  /** How long it took, ms. */
  readonly took: number
  /** The device it came from, by its address: `/a/api/...` is device a. */
  readonly device: string | null
  /** Who was logged in there, by the token that came with it. */
  readonly user: string | null
  readonly method: string
  readonly path: string
  readonly key: string | null
  /** Answered from memory: nothing was done. */
  readonly replayed: boolean
  /** 0 where the answer was thrown away on purpose or the client had gone. */
  readonly status: number
}

/** The last requests, in memory, and who wants to hear of new ones. */
export class RequestLog {
  private readonly requests: LoggedRequest[] = []
  private readonly listeners = new Set<(request: LoggedRequest) => void>()
  private count = 0

  constructor(private readonly limit = 5000) {}

  add(request: Omit<LoggedRequest, 'number'>): void {
    const logged = { number: ++this.count, ...request }
    this.requests.push(logged)
    if (this.requests.length > this.limit) this.requests.shift()
    for (const listener of this.listeners) listener(logged)
  }

  list(): readonly LoggedRequest[] {
    return this.requests
  }

  clear(): void {
    this.requests.length = 0
  }

  listen(listener: (request: LoggedRequest) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}
