import type { Cancel, TabChannel } from '../../src/environment'
import type { Scheduler } from './scheduler'

interface Member {
  readonly tab: string
  readonly heard: Set<(message: unknown) => void>
  readonly candidates: Set<Candidate>
}

/** What befalls messages that are not lost. */
export interface Crookedness {
  /** ms a message is late; 0 = not at all. */
  lateness(): number
  /** Whether it comes twice. */
  isDoubled(): boolean
}

interface Candidate {
  readonly tab: string
  readonly elected: () => void
  readonly lost: () => void
}

/** How long the browser takes until a vanished leader is replaced, ms. */
const succession = 100

/**
 * The tab channel of one device: messages are structured clones, in order per pair of tabs and otherwise in any;
 * elections go to one candidate at a time, unless {@link electAnother} makes a second leader.
 */
export class DeviceChannel {
  /** Probability that a message is lost. */
  loss = 0
  private readonly members = new Map<string, Set<Member>>()
  private readonly leaders = new Map<string, Candidate>()

  constructor(
    private readonly scheduler: Scheduler,
    private readonly device: string,
    private readonly lose: (probability: number) => boolean,
    private readonly crooked: Crookedness = { lateness: () => 0, isDoubled: () => false },
  ) {}

  join(tab: string, name: string): TabChannel {
    const member: Member = { tab, heard: new Set(), candidates: new Set() }
    const members = this.members.get(name) ?? new Set()
    this.members.set(name, members.add(member))

    return {
      post: (message) => {
        const copy = structuredClone(message)
        for (const other of members) if (other !== member) this.deliver(tab, other, copy)
      },
      listen: (heard): Cancel => {
        member.heard.add(heard)
        return () => member.heard.delete(heard)
      },
      elect: (elected, lost): Cancel => {
        const candidate: Candidate = { tab, elected, lost }
        member.candidates.add(candidate)
        this.hold(name, 0)
        return () => {
          member.candidates.delete(candidate)
          this.resign(name, candidate)
        }
      },
      close: async () => {
        this.leave(name, member)
      },
    }
  }

  /** How many channels a tab has joined. */
  countOf(tab: string): number {
    return [...this.members.values()].flatMap((members) => [...members]).filter((one) => one.tab === tab)
      .length
  }

  /** The tab is gone without a word. */
  forget(tab: string): void {
    for (const [name, members] of this.members) {
      for (const member of members) if (member.tab === tab) this.leave(name, member)
    }
  }

  /** A second leader beside the first, as a browser without working locks can make it. Answers whether it could. */
  electAnother(tab: string): boolean {
    for (const [name, members] of this.members) {
      const first = this.leaders.get(name)
      for (const { candidates } of members) {
        for (const candidate of candidates) {
          if (!first || candidate.tab !== tab || candidate === first) continue
          this.announce(name, candidate)
          return true
        }
      }
    }
    return false
  }

  private deliver(from: string, to: Member, message: unknown): void {
    if (this.loss > 0 && this.lose(this.loss)) return
    const work = () => {
      for (const heard of [...to.heard]) heard(message)
    }
    const lane = `message:${from}>${to.tab}`
    const late = this.crooked.lateness()
    if (late > 0) this.scheduler.after(late, lane, work, to.tab)
    else this.scheduler.post(lane, work, to.tab)
    if (this.crooked.isDoubled()) this.scheduler.post(lane, work, to.tab)
  }

  private leave(name: string, member: Member): void {
    this.members.get(name)?.delete(member)
    for (const candidate of member.candidates) this.resign(name, candidate)
  }

  private resign(name: string, candidate: Candidate): void {
    if (this.leaders.get(name) !== candidate) return
    this.leaders.delete(name)
    this.hold(name, succession)
  }

  /** Elects the first who stands, after `ms`, if nobody leads then. */
  private hold(name: string, ms: number): void {
    const work = () => {
      if (this.leaders.has(name)) return
      const [first] = this.standing(name)
      if (first) this.announce(name, first)
    }
    this.scheduler.after(ms, `election:${this.device}`, work, this.device)
  }

  private standing(name: string): Candidate[] {
    return [...(this.members.get(name) ?? [])].flatMap(({ candidates }) => [...candidates])
  }

  private announce(name: string, candidate: Candidate): void {
    this.leaders.set(name, candidate)
    // Who has withdrawn meanwhile is not told.
    const tell = () => {
      if (this.standing(name).includes(candidate)) candidate.elected()
    }
    this.scheduler.post(`message:election>${candidate.tab}`, tell, candidate.tab)
  }
}
