import type { History, SentRequest } from './history'
import { askedFor, type HttpAnswer, type HttpRequest, httpRequest, httpResponse } from './http'
import {
  answerAfter,
  answerOnTheWay,
  canStrike,
  type NetworkFault,
  networkFaults,
  portalPage,
} from './network-faults'
import type { Prng } from './prng'
import type { Scheduler } from './scheduler'
import type { Server } from './server'
import { type Spell, spellAt } from './spells'
import type { Struck } from './struck'

export interface Weather {
  /** Probability of each fault, per request. */
  readonly rates: Readonly<Partial<Record<NetworkFault, number>>>
  /** Most ms one way. */
  readonly latency: number
  readonly spells: readonly Spell[]
}

export interface Wires {
  readonly scheduler: Scheduler
  readonly server: Server
  readonly history: History
  readonly faults: Prng
  readonly weather: Weather
  readonly struck: Struck
  /**
   * Requests still on their way when their sender is gone arrive all the same. Only for servers that know
   * Idempotency-Key: without it a late copy of an old request undoes a newer one, and no client can help that.
   */
  readonly ghosts: boolean
}

/** Carries requests from tabs to the server and answers back, late, broken or not at all. */
export class Network {
  private readonly offline = new Set<string>()
  private readonly gone = new Set<string>()
  /**
   * Requests under way, held as fetch would hold them: a Request hears of its signal only while somebody keeps it, and
   * when one is collected would depend on the machine.
   */
  private readonly held = new Map<SentRequest, Request>()
  private healed = false
  private sent = 0
  private nights = 0

  constructor(private readonly wires: Wires) {}

  /** No more faults, every device online. */
  heal(): void {
    this.healed = true
    this.offline.clear()
  }

  /** Every connection breaks: nothing that is on its way arrives. */
  cut(): void {
    this.nights++
  }

  setOnline(device: string, online: boolean): void {
    if (online) this.offline.delete(device)
    else this.offline.add(device)
  }

  isOnline(device: string): boolean {
    return !this.offline.has(device)
  }

  /** Requests of a tab that have not ended. */
  inFlight(tab: string): number {
    return [...this.held.keys()].filter((each) => each.tab === tab).length
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
    const fault = this.draw(request)
    return new Promise<Response>((resolve, reject) => {
      const fail = (error: unknown, how: string) => {
        if (this.end(entry, how)) reject(error)
      }
      input.signal.addEventListener('abort', () => fail(input.signal.reason, 'aborted'), { once: true })
      const broken = () => fail(new TypeError('fetch failed'), 'failed')
      const arrived = (answer: HttpAnswer) => {
        if (this.offline.has(entry.device)) return broken()
        const asked = askedFor(answer)
        if (asked !== undefined) entry.askedFor = asked
        entry.whole = answer.whole === true
        if (!this.end(entry, String(answer.status))) return undefined
        if (answer.headers.date) entry.tellsTime = true
        resolve(httpResponse(answer))
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
    const { scheduler, server, faults, struck } = this.wires
    const lane = `network:${++this.sent}`
    const { nights } = this
    const unlessCut = (work: () => void) => () => (nights === this.nights ? work() : broken())
    const hop = (work: () => void, owner: string, more = 0) =>
      scheduler.after(this.latency(entry.device) + more, lane, unlessCut(work), owner)
    const back = (work: () => void) => hop(work, entry.tab, fault === 'delay-response' ? this.long() : 0)

    if (this.offline.has(entry.device)) {
      struck.count('offline')
      return void back(broken)
    }
    if (this.under('portal', entry.device)) {
      const page = portalPage(faults)
      return void back(() => arrived(page))
    }
    if (fault === 'drop-request') return void back(broken)
    if (fault === 'hang-request') return
    const early = fault && answerOnTheWay(fault, faults, server.now())
    if (early) return void back(() => arrived(early))
    const arrive = () => {
      if (this.lost(entry)) return
      const answer = server.handle(request, entry.device)
      entry.answered = answer.status
      if (fault === 'duplicate')
        scheduler.after(
          this.long(),
          `${lane}:again`,
          unlessCut(() => void server.handle(request, entry.device)),
          'world',
        )
      if (fault === 'hang-response') return
      const told = answerAfter(fault, answer, faults)
      back(fault === 'drop-response' ? broken : () => arrived(told))
    }
    hop(arrive, 'world', fault === 'delay-request' ? this.long() : 0)
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
      sentTime: scheduler.now(),
    }
    history.requests.push(entry)
    scheduler.note(`${tab} ${request.method} ${request.path} ${request.query} ${request.body ?? ''}`)
    if (this.gone.has(tab)) this.end(entry, 'gone')
    return entry
  }

  private end(entry: SentRequest, how: string): boolean {
    if (entry.endedAt !== undefined) return false
    entry.endedAt = this.wires.scheduler.steps
    entry.endedTime = this.wires.scheduler.now()
    entry.ended = how
    this.held.delete(entry)
    this.wires.scheduler.note(`${entry.tab} ${entry.method} ${entry.path} ${how}`)
    return true
  }

  private draw(request: HttpRequest): NetworkFault | undefined {
    const { weather, faults, struck, ghosts } = this.wires
    if (this.healed) return undefined
    for (const fault of networkFaults) {
      const rate = weather.rates[fault] ?? 0
      if (rate === 0 || !canStrike(fault, request, ghosts) || !faults.chance(rate)) continue
      struck.count(fault)
      return fault
    }
    return undefined
  }

  /** The spell of this kind a device is under now, which strikes by that. */
  private under(kind: Spell['kind'], device: string): Spell | undefined {
    const { weather, scheduler, struck } = this.wires
    if (this.healed) return undefined
    const spell = spellAt(weather.spells, kind, Number.parseInt(device.slice(1), 10), scheduler.now())
    if (spell) struck.count(`${kind}-spell`)
    return spell
  }

  /** ms one way: a clogged device waits until that is over. */
  private latency(device: string): number {
    const { faults, weather, scheduler } = this.wires
    const clog = this.under('clog', device)
    return (clog ? clog.until - scheduler.now() : 0) + faults.between(1, weather.latency)
  }

  /** ms that are too many, or nearly so. */
  private long(): number {
    return this.wires.faults.between(2_000, 60_000)
  }
}
