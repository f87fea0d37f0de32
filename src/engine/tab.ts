import { SyncError } from '../model/error'
import type { SyncEvent, SyncEventName, SyncEvents } from '../model/event'
import type { StoredIdentity } from '../model/identity'
import type { Reason } from '../model/outcome'
import type { Left } from '../outbox/leave'
import { storedIdentity } from '../outbox/stored-identity'
import { enterSchema } from '../outbox/stored-schema'
import { Watch } from '../outbox/watch'
import { createEmitter } from '../status/emitter'
import type { StatusFacts } from '../status/reduce'
import type { CallName, TabMessage } from '../tabs/messages'
import { answer } from './answers'
import { Doing } from './doing'
import { holdOffice } from './hold-office'
import { Knowledge } from './knowledge'
import { Membership } from './membership'
import { readMemory } from './memory'
import { noLongerThan } from './no-longer-than'
import type { Office } from './office'
import { createReport } from './report'
import { stoppedCode } from './stopped-code'
import type { TabParts } from './tab-parts'

/** ms `start()` waits to see whether this tab leads; then it is a follower until told otherwise. */
const joinPatience = 1_000

/** This tab's part among the tabs of a database: joins them, leads when it is chosen, hears and is heard. */
export class Tab {
  readonly emitter
  /** Tells of an error nobody waits for. */
  readonly report: (error: unknown) => void
  readonly knowledge: Knowledge
  readonly status
  /** Serves those who wait in this tab for something the database will show. */
  readonly watch
  readonly #parts: TabParts
  readonly #name: string
  #membership: Membership | undefined
  #office: Office | undefined
  readonly #following = new Doing()
  /** Newer code has been here. */
  #outdated = false

  constructor(parts: TabParts) {
    const { env } = parts
    this.#parts = parts
    this.#name = env.uuid()
    const report = createReport(parts.configured, env)
    this.report = report
    this.emitter = createEmitter(report, (name) => name === 'metrics' && this.knowledge.metrics.plan())
    this.watch = new Watch(env, parts.storage)
    this.knowledge = new Knowledge({
      ...parts,
      emitter: this.emitter,
      emit: (name, data) => this.emit(name, data),
      askLeader: (stale) => this.#askLeader(stale),
      report,
    })
    this.status = this.knowledge.status
    parts.identity.listen((standing) =>
      this.status.apply({ name: 'identity', data: { other: standing === 'other' } }),
    )
  }

  /** The database is open. What a join that fails has begun is ended by {@link leave}. */
  async join(): Promise<void> {
    const { env, storage, schema } = this.#parts
    this.watch.open()
    this.knowledge.metrics.open()
    await this.#readMemory()
    await this.#parts.identity.admit(storage)
    this.#outdated = !(await enterSchema(storage, schema))
    let joined = () => {}
    const led = new Promise<void>((resolve) => {
      joined = resolve
    })
    const membership = new Membership(this.#parts, {
      tab: this.#name,
      hasWork: () => this.knowledge.hasWork,
      isLeader: () => this.#office !== undefined,
      lead: (epoch, lost, stolen) => this.#lead(epoch, stolen, lost, joined),
      answer: (name, argument) => this.#answer(name, argument),
      hear: (message) => this.#hear(message),
      moment: (moment) => {
        if (moment === 'online' || moment === 'offline') this.#tellHere({ name: moment, data: {} })
        if (moment === 'visible') this.knowledge.freshness.seenAgain()
      },
      report: this.report,
    })
    this.#membership = membership
    this.knowledge.heard({ name: env.isOnline() ? 'online' : 'offline', data: {} })
    if (!this.#outdated) membership.leadership.start()
    this.#askLeader([])
    const leader = await membership.row.read()
    const followed = leader !== undefined && env.now() - leader.heartbeat < 15_000
    if (!followed && !this.#outdated) await noLongerThan(joinPatience, led, env)
    if (this.#outdated) this.#standBack()
    else this.stand('running')
  }

  async leave(): Promise<void> {
    const code = stoppedCode(this.status.getSnapshot())
    const looked = this.watch.close(code)
    await this.knowledge.metrics.close()
    await this.#membership?.leave(code)
    await this.#following.over()
    await looked
    this.#membership = undefined
  }

  /** Where this tab stands with its database; `trouble`: what is wrong with it, told here only. */
  stand(engine: StatusFacts['engine'], trouble?: Reason): void {
    this.status.apply({ name: 'engine', data: engine })
    if (trouble) this.#tellHere({ name: 'storage-error', data: { reason: trouble } })
  }

  /** Somebody was signed out in this tab: every tab is to know. */
  vacated({ stored, epoch }: Left): void {
    this.#membership?.say({ kind: 'vacated', epoch, from: this.#name })
    this.#leaveOffice(stored, epoch)
  }

  async #hearVacated(epoch: number): Promise<void> {
    const stored = await storedIdentity(this.#parts.storage)
    if (!this.#office || this.#office.epoch < epoch) this.#leaveOffice(stored, epoch)
  }

  /** Nobody leads, and nothing of whoever was here is left. The next leader tells of it as an event. */
  #leaveOffice(stored: StoredIdentity, epoch: number): void {
    const { identity, aliases } = this.#parts
    identity.remember(stored)
    aliases.renew([])
    this.knowledge.emptied(identity.standing() === 'ours')
    this.#office?.vacate(epoch)
    this.watch.hint()
  }

  /** A change was committed in this tab: the leader is to send it. */
  committed(tables: readonly string[], held = false): void {
    this.knowledge.wroteHere = true
    this.watch.hint()
    if (this.#office) this.#office.wake(held)
    else this.#membership?.say({ kind: 'wake', tables, held, from: this.#name })
  }

  /** Asks the leader. */
  call(name: CallName, argument?: unknown): Promise<unknown> {
    if (!this.#membership) return Promise.reject(new SyncError(stoppedCode(this.status.getSnapshot())))
    return this.#membership.calls.call(name, argument)
  }

  /** Tells every tab. */
  emit<N extends SyncEventName>(name: N, data: SyncEvents[N]): void {
    const event = { name, data } as SyncEvent
    this.#membership?.say({ kind: 'event', event, from: this.#name })
    this.#tellHere(event)
  }

  #tellHere(event: SyncEvent): void {
    // Before anybody hears of the new key, reads with the old one find the row.
    if (event.name === 'key-assigned')
      this.#parts.aliases.set(event.data.table, event.data.temporary, event.data.key)
    this.knowledge.heard(event)
    this.emitter.emit(event)
    this.watch.hint()
  }

  #hear(message: TabMessage): void {
    if (message.kind === 'wake') this.#office?.wake(message.held)
    if (message.kind === 'event' && message.event.name !== 'online' && message.event.name !== 'offline')
      this.#tellHere(message.event)
    if (message.kind === 'status' && !this.#office) {
      this.knowledge.take(message)
      this.#follow(this.#parts.identity.renew(this.#parts.storage))
    }
    if (message.kind === 'ask-status' && this.#office) {
      this.knowledge.freshness.lookAfter(message.stale)
      this.#tellStatus(this.#office.epoch)
    }
    if (message.kind === 'leader') this.#askStatus()
    if (message.kind === 'vacated') this.#follow(this.#hearVacated(message.epoch))
    this.watch.hint()
  }

  /** What a message makes this tab do takes its time, and is over before it has left (I12). */
  #follow(work: Promise<void>): void {
    this.#following.add(work).catch(this.report)
  }

  /** What the leader knows is told to this tab; `stale`: tables that seem so from here. */
  #askLeader(stale: readonly string[]): void {
    this.#membership?.say({ kind: 'ask-status', stale, from: this.#name })
  }

  /** A new leader reads the log by itself; the wake is for what it may have missed meanwhile. */
  #askStatus(): void {
    if (this.knowledge.wroteHere) this.committed([])
  }

  async #lead(epoch: number, stolen: boolean, lost: AbortSignal, joined: () => void): Promise<void> {
    await this.#readMemory() // the leader before us may have paused or resumed since we came
    const parts: Parameters<typeof holdOffice>[0] = {
      ...this.#parts,
      marker: this.#membership!.marker,
      emit: (name, data) => this.emit(name, data),
      tellCounts: (counts) => this.knowledge.counted(counts),
      tellSynced: (hasSynced) => this.#tellShared(epoch, hasSynced),
      freshness: this.knowledge.freshness,
      isPaused: (table) => this.knowledge.isPaused(table),
      report: this.report,
    }
    const open = (office: Office) => {
      this.#office = office
      this.status.apply({ name: 'role', data: { leader: true } })
      this.emit('leader-change', { epoch })
      // Said once more, now that calls are answered: those who asked at the first word were not heard.
      this.#membership?.say({ kind: 'leader', epoch, from: this.#name })
      this.#membership?.calls.lead()
      joined()
    }
    const close = () => {
      this.#office = undefined
      this.status.apply({ name: 'role', data: { leader: false } })
    }
    const end = await holdOffice(parts, { epoch, stolen, lost }, { open, close })
    if (end === 'outdated') this.#standBack()
  }

  /** Newer code than this tab's is here: it leads, and this tab does not. */
  #standBack(): void {
    this.#outdated = true
    void this.#membership?.leadership.stop().catch(this.report)
    this.stand('outdated')
    this.report(new SyncError('outdated-code'))
  }

  #tellShared(epoch: number, hasSynced: boolean): void {
    this.status.apply({ name: 'synced', data: { hasSynced } })
    this.#parts.identity.remember(this.#parts.identity.stored)
    this.#tellStatus(epoch)
  }

  #tellStatus(epoch: number): void {
    this.#membership?.say({ kind: 'status', epoch, ...this.knowledge.told(), from: this.#name })
  }

  /** What is asked of the leader, done. */
  async #answer(name: CallName, argument: unknown): Promise<unknown> {
    const office = this.#office
    if (!office) throw new SyncError('no-leader')
    return answer(office, this.knowledge, this.#parts.storage, name, argument)
  }

  async #readMemory(): Promise<void> {
    const { storage, aliases, protocol, identity } = this.#parts
    const memory = await readMemory(storage, aliases, protocol.scopes)
    this.knowledge.remember(memory)
    identity.remember(memory.identity)
  }
}
