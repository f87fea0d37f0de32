import type { TabChannel } from '../../src/environment'

/** The wire between the tabs of one fake device: messages are cloned, an election picks the oldest candidate. */
export interface FakeBus {
  open(owner: object, name: string): TabChannel
  /** Channels of this owner that are open. */
  channels(owner: object): number
  /** Listeners and candidacies of this owner. */
  listeners(owner: object): number
  /** Messages to a frozen owner wait until it thaws. */
  freeze(owner: object, frozen: boolean): void
  /** Forgets the owner as a crash does: nobody tells it. */
  drop(owner: object): void
  /** The elector below loses its office although the tab lives (a download link does that), and stands again. */
  depose(owner: object): void
  /** How often a message arrives: 1 as it should, 0 lost, 2 doubled. */
  fault: (message: unknown) => number
}

interface Candidate {
  readonly owner: object
  readonly name: string
  readonly elected: () => void
  readonly lost: () => void
}

interface Port {
  readonly owner: object
  readonly name: string
  readonly listeners: Set<(message: unknown) => void>
}

export function createFakeBus(): FakeBus {
  const ports = new Set<Port>()
  const candidates: Candidate[] = []
  const chosen = new Map<string, Candidate>()
  const late = new Map<object, (() => void)[]>()

  function choose(name: string): void {
    const first = candidates.find((candidate) => candidate.name === name)
    if (!first || chosen.has(name)) return
    chosen.set(name, first)
    queueMicrotask(() => chosen.get(name) === first && first.elected())
  }

  function withdraw(candidate: Candidate): void {
    const place = candidates.indexOf(candidate)
    if (place >= 0) candidates.splice(place, 1)
    if (chosen.get(candidate.name) !== candidate) return
    chosen.delete(candidate.name)
    choose(candidate.name)
  }

  function deliver(port: Port, message: unknown): void {
    const hear = () => {
      if (!ports.has(port)) return
      for (const listener of [...port.listeners]) listener(structuredClone(message))
    }
    const queue = late.get(port.owner)
    if (queue) queue.push(hear)
    else queueMicrotask(hear)
  }

  const bus: FakeBus = {
    fault: () => 1,
    open(owner, name) {
      const port: Port = { owner, name, listeners: new Set() }
      const standing = new Set<Candidate>()
      ports.add(port)
      return {
        post(message) {
          if (!ports.has(port)) return
          for (const other of ports) {
            if (other === port || other.name !== name) continue
            for (let copies = bus.fault(message); copies > 0; copies--)
              deliver(other, structuredClone(message))
          }
        },
        listen(heard) {
          port.listeners.add(heard)
          return () => port.listeners.delete(heard)
        },
        elect(elected, lost) {
          const candidate: Candidate = { owner, name, elected, lost }
          standing.add(candidate)
          candidates.push(candidate)
          choose(name)
          return () => {
            standing.delete(candidate)
            withdraw(candidate)
          }
        },
        async close() {
          ports.delete(port)
          standing.forEach(withdraw)
        },
      }
    },
    channels: (owner) => [...ports].filter((port) => port.owner === owner).length,
    listeners: (owner) =>
      candidates.filter((candidate) => candidate.owner === owner).length +
      [...ports].reduce((sum, port) => sum + (port.owner === owner ? port.listeners.size : 0), 0),
    freeze(owner, frozen) {
      const waiting = late.get(owner) ?? []
      if (frozen) return void late.set(owner, waiting)
      late.delete(owner)
      for (const hear of waiting) queueMicrotask(hear)
    },
    drop(owner) {
      for (const port of ports) if (port.owner === owner) ports.delete(port)
      for (const candidate of [...candidates]) if (candidate.owner === owner) withdraw(candidate)
    },
    depose(owner) {
      for (const candidate of [...chosen.values()].filter((leader) => leader.owner === owner)) {
        candidates.splice(candidates.indexOf(candidate), 1)
        candidates.push(candidate)
        chosen.delete(candidate.name)
        candidate.lost()
        choose(candidate.name)
      }
    },
  }
  return bus
}
