import type { ApiAnswer } from './backend-semantics'

/** Which requests a fault is for; all where nothing is said. */
export interface Match {
  readonly method?: string
  /** Start of the path, as `/api/posts`. */
  readonly path?: string
}

/** A request in the log of a backend. */
export interface Logged {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Of interest: authorization, content-type, idempotency-key, if-match, if-none-match. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  /** The bytes of the body. */
  readonly text: string
}

/** A request that is held back by {@link Faults.holdNext}. */
export interface Held {
  /** The request, once it has come. */
  readonly arrived: Promise<Logged>
  release(): void
}

/** What goes wrong between a client and this backend, in the order it was asked for. */
export interface Faults {
  /** The next `n` requests are answered with this, and not carried out. */
  respondNext(n: number, answer: ApiAnswer, match?: Match): void
  /** The next `n` requests are carried out, but their answers get lost. */
  dropResponse(n: number, match?: Match): void
  /** The next `n` requests are lost before they are carried out. */
  dropRequest(n: number, match?: Match): void
  /**
   * The next request waits for `release`: carried out, with the answer held (`applied`, default), or not yet. With
   * `answer` it is answered with that and not carried out.
   */
  holdNext(match?: Match, options?: { readonly applied?: boolean; readonly answer?: ApiAnswer }): Held
  /** The next `n` answers are a login page with status 200, and nothing is carried out. */
  html(n: number, match?: Match): void
  /** The next `n` answers are carried out and pass through `change`, as a proxy or a bug in the backend would. */
  changeNext(n: number, change: (answer: ApiAnswer) => ApiAnswer, match?: Match): void
}

/** A fault as it is carried out on one request. `apply` lets the backend do its work. */
export type Fault = (request: Logged, apply: () => ApiAnswer) => Promise<ApiAnswer | 'lost'>

interface Step {
  readonly match: Match
  readonly fault: Fault
}

/** The scripted faults and the place where a backend takes the next one for a request from. */
export function createFaults(): Faults & { take(request: Logged): Fault | undefined } {
  const steps: Step[] = []
  const add = (n: number, match: Match, fault: Fault) => {
    for (let i = 0; i < n; i++) steps.push({ match, fault })
  }
  return {
    respondNext: (n, answer, match = {}) => add(n, match, async () => answer),
    dropResponse: (n, match = {}) =>
      add(n, match, async (_, apply) => {
        apply()
        return 'lost'
      }),
    dropRequest: (n, match = {}) => add(n, match, async () => 'lost'),
    html: (n, match = {}) => add(n, match, async () => loginPage),
    changeNext: (n, change, match = {}) => add(n, match, async (_, apply) => change(apply())),
    holdNext(match = {}, { applied = true, answer } = {}) {
      const arrival = gate<Logged>()
      const leave = gate<void>()
      add(1, match, async (request, apply) => {
        const early = answer ?? (applied ? apply() : undefined)
        arrival.open(request)
        await leave.passed
        return early ?? apply()
      })
      return { arrived: arrival.passed, release: () => leave.open() }
    },
    take(request) {
      const place = steps.findIndex(({ match }) => matches(request, match))
      return place < 0 ? undefined : steps.splice(place, 1)[0]?.fault
    },
  }
}

export function matches(request: Logged, { method, path }: Match): boolean {
  return (!method || request.method === method) && (!path || request.path.startsWith(path))
}

function gate<T>(): { readonly passed: Promise<T>; readonly open: (value: T) => void } {
  let open: (value: T) => void = () => {}
  const passed = new Promise<T>((resolve) => {
    open = resolve
  })
  return { passed, open }
}

const loginPage: ApiAnswer = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  text: '<!doctype html><title>Log in</title><form></form>',
}
