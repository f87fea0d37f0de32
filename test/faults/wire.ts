import type { ApiAnswer, Backend } from '../support/backend'

/** A request that waits for the script to say what becomes of it. */
export interface OnTheWire {
  readonly method: string
  readonly path: string
  readonly text: string
  readonly idempotencyKey: string | null
  readonly request: Request
  readonly answer: (response: Promise<Response>) => void
}

/** The connection of a script: each write waits until the script answers it; reads pass unless told otherwise. */
export class Wire {
  /** Every request that was held, oldest first. */
  readonly seen: OnTheWire[] = []
  /** Methods whose requests pass. */
  passing: readonly string[] = ['GET']
  readonly #backend: Backend
  #waiting: OnTheWire[] = []
  #open = true
  #arrived: (() => void)[] = []

  constructor(backend: Backend) {
    this.#backend = backend
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const text = await request.clone().text()
    const { method, headers, signal } = request
    if (this.#open || this.passing.includes(method)) return this.#backend.fetch(request)
    return new Promise((resolve, reject) => {
      const { pathname: path } = new URL(request.url)
      const answer = (response: Promise<Response>) => void response.then(resolve, reject)
      const one = { method, path, text, idempotencyKey: headers.get('idempotency-key'), request, answer }
      signal.addEventListener('abort', () => {
        this.#remove(one)
        reject(signal.reason)
      })
      this.#waiting.push(one)
      this.seen.push(one)
      for (const tell of this.#arrived.splice(0)) tell()
    })
  }

  get waiting(): readonly OnTheWire[] {
    return this.#waiting
  }

  /** Takes the first write of a method off the wire, as soon as there is one; of reads, the first of this path. */
  async take(method: string, path: string): Promise<OnTheWire> {
    for (;;) {
      const found = this.#waiting.find(
        (one) => one.method === method && (method !== 'GET' || one.path === path),
      )
      if (found) {
        this.#remove(found)
        return found
      }
      await new Promise<void>((resolve) => this.#arrived.push(resolve))
    }
  }

  /** The server does what it is asked. */
  carryOut({ request }: OnTheWire): Promise<Response> {
    return this.#backend.fetch(request)
  }

  /** From here on requests wait. */
  hold(): void {
    this.#open = false
  }

  /** Everything passes from here on, what waits first. */
  letGo(): void {
    this.#open = true
    for (const one of this.#waiting.splice(0)) one.answer(this.carryOut(one))
  }

  /** Reads pass again, those that wait first. */
  letReadsGo(): void {
    this.passing = ['GET']
    for (const one of this.#waiting.filter(({ method }) => method === 'GET')) {
      this.#remove(one)
      one.answer(this.carryOut(one))
    }
  }

  /** Nobody is there any more to hear an answer. */
  cut(): void {
    this.#waiting = []
  }

  #remove(one: OnTheWire): void {
    this.#waiting = this.#waiting.filter((other) => other !== one)
  }
}

/** An answer of the script's own. */
export async function scripted({ status, headers, body, text }: ApiAnswer): Promise<Response> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  const content = text ?? (body === undefined ? null : JSON.stringify(body))
  return new Response(content, { status, headers: { ...json, ...headers } })
}

/** A request that does not come through, or an answer that does not. */
export async function lost(): Promise<Response> {
  throw new TypeError('fetch failed')
}
