import type { History, SentRequest } from './history'
import { type HttpAnswer, type HttpRequest, html, httpRequest, httpResponse, problem } from './http'
import type { Prng } from './prng'
import type { Scheduler } from './scheduler'
import type { Server } from './server'

export const networkFaults = [
  'drop-request',
  'drop-response',
  'hang-request',
  'hang-response',
  'busy',
  'broken',
  'portal',
  'truncate',
] as const

/**
 * - `drop-request`, `drop-response`: the connection breaks before or after the server has acted.
 * - `hang-request`, `hang-response`: nothing comes back, before or after the server has acted.
 * - `busy`: 503 with Retry-After. `broken`: 500 before anything was done.
 * - `portal`: a page of a captive portal with status 200; the server never hears of it.
 * - `truncate`: the server acted, its answer is cut.
 */
export type NetworkFault = (typeof networkFaults)[number]

export interface Weather {
  /** Probability of each fault, per request. */
  readonly rates: Readonly<Partial<Record<NetworkFault, number>>>
  /** Most ms one way. */
  readonly latency: number
}

export interface Wires {
  readonly scheduler: Scheduler
  readonly server: Server
  readonly history: History
  readonly faults: Prng
  readonly weather: Weather
  /**
   * Requests still on their way when their sender is gone arrive all the same. Only for servers that know
   * Idempotency-Key: without it a late copy of an old request undoes a newer one, and no client can help that.
   */
  readonly ghosts: boolean
}

/** Carries requests from tabs to the server and answers back, late, broken or not at all. */
export class Network {
  /** How often each fault has struck. */
  readonly struck = new Map<NetworkFault, number>()
  private readonly offline = new Set<string>()
  private readonly gone = new Set<string>()
  /**
   * Requests under way, held as fetch would hold them: a Request hears of its signal only while somebody keeps it, and
   * when one is collected would depend on the machine.
   */
  private readonly held = new Map<SentRequest, Request>()
  private healed = false
  private sent = 0

  constructor(private readonly wires: Wires) {}

  /** No more faults, every device online. */
  heal(): void {
    this.healed = true
    this.offline.clear()
  }

  setOnline(device: string, online: boolean): void {
    if (online) this.offline.delete(device)
    else this.offline.add(device)
  }

  isOnline(device: string): boolean {
    return !this.offline.has(device)
  }

  inFlight(): number {
    return this.wires.history.requests.filter((each) => each.endedAt === undefined).length
  }

  /** The tab is gone: nothing of it is waited for any more. */
  forget(tab: string): void {
    this.gone.add(tab)
    for (const each of this.wires.history.requests) {
      if (each.tab === tab && each.endedAt === undefined) this.end(each, 'gone')
    }
  }

  async send(tab: string, input: Request): Promise<Response> {
    input.signal.throwIfAborted()
    const request = await httpRequest(input)
    const entry = this.log(tab, request)
    this.held.set(entry, input)
    const fault = this.draw()
    return new Promise<Response>((resolve, reject) => {
      const fail = (error: unknown, how: string) => {
        if (this.end(entry, how)) reject(error)
      }
      input.signal.addEventListener('abort', () => fail(input.signal.reason, 'aborted'), { once: true })
      const broken = () => fail(new TypeError('fetch failed'), 'failed')
      const arrived = (answer: HttpAnswer) => {
        if (this.offline.has(entry.device)) return broken()
        if (this.end(entry, String(answer.status))) resolve(httpResponse(answer))
      }
      this.travel(entry, request, fault, { arrived, broken })
    })
  }

  private travel(
    entry: SentRequest,
    request: HttpRequest,
    fault: NetworkFault | undefined,
    { arrived, broken }: { arrived(answer: HttpAnswer): void; broken(): void },
  ): void {
    const lane = `network:${++this.sent}`
    const hop = (work: () => void, owner: string) =>
      this.wires.scheduler.after(this.latency(), lane, work, owner)
    const back = (work: () => void) => hop(work, entry.tab)
    const early = answerOnTheWay(fault)

    if (this.offline.has(entry.device) || fault === 'drop-request') return void back(broken)
    if (fault === 'hang-request') return
    if (early) return void back(() => arrived(early))
    hop(() => {
      if (this.lost(entry)) return
      const answer = this.wires.server.handle(request, entry.device)
      if (fault === 'hang-response') return
      back(fault === 'drop-response' ? broken : () => arrived(fault === 'truncate' ? cut(answer) : answer))
    }, 'world')
  }

  /** True where a request never arrives because its sender gave up or is gone. */
  private lost(entry: SentRequest): boolean {
    if (this.offline.has(entry.device)) return true
    return entry.endedAt !== undefined && !this.wires.ghosts
  }

  private log(tab: string, request: HttpRequest): SentRequest {
    const { history, scheduler } = this.wires
    const id = request.headers['idempotency-key']
    const birth = request.method === 'POST' ? /"birth":"([^"]+)"/.exec(request.body ?? '')?.[1] : undefined
    const entry: SentRequest = {
      device: tab.split('/')[0]!,
      tab,
      method: request.method,
      path: request.path,
      ...(id !== undefined && { idempotencyKey: id }),
      ...(birth !== undefined && { birth }),
      sentAt: scheduler.steps,
    }
    history.requests.push(entry)
    scheduler.note(`${tab} ${request.method} ${request.path} ${request.query} ${request.body ?? ''}`)
    if (this.gone.has(tab)) this.end(entry, 'gone')
    return entry
  }

  private end(entry: SentRequest, how: string): boolean {
    if (entry.endedAt !== undefined) return false
    entry.endedAt = this.wires.scheduler.steps
    entry.ended = how
    this.held.delete(entry)
    this.wires.scheduler.note(`${entry.tab} ${entry.method} ${entry.path} ${how}`)
    return true
  }

  private draw(): NetworkFault | undefined {
    if (this.healed) return undefined
    for (const fault of networkFaults) {
      const rate = this.wires.weather.rates[fault] ?? 0
      if (rate === 0 || !this.wires.faults.chance(rate)) continue
      this.struck.set(fault, (this.struck.get(fault) ?? 0) + 1)
      return fault
    }
    return undefined
  }

  private latency(): number {
    return this.wires.faults.between(1, this.wires.weather.latency)
  }
}

/** Answers that never came from the server. */
function answerOnTheWay(fault: NetworkFault | undefined): HttpAnswer | undefined {
  if (fault === 'busy') {
    const busy = problem(503, 'try later')
    return { ...busy, headers: { ...busy.headers, 'retry-after': '2' } }
  }
  if (fault === 'broken') return problem(500, 'broken')
  return fault === 'portal' ? html(200) : undefined
}

function cut(answer: HttpAnswer): HttpAnswer {
  return answer.body === undefined
    ? answer
    : { ...answer, body: answer.body.slice(0, answer.body.length >> 1) }
}
