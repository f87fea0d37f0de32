import type { Cancel, Environment, TabChannel } from '../environment'
import type { SyncErrorCode } from '../model/error'
import { VanishMarker } from '../storage/marker'
import { type Calls, type CallsParts, createCalls } from '../tabs/calls'
import { createLeadership, type LeaderRow, type Leadership, type LeadershipParts } from '../tabs/leader'
import { storedLeaderRow } from '../tabs/leader-row'
import { readMessage, sealed, type TabMessage } from '../tabs/messages'
import type { TabParts } from './tab-parts'

/** What a tab does among the others. */
interface Member
  extends Pick<LeadershipParts, 'hasWork' | 'lead' | 'report'>,
    Omit<CallsParts, 'env' | 'channel'> {
  readonly hear: (message: TabMessage) => void
  readonly moment: Parameters<Environment['lifecycle']>[0]
}

/** What a tab holds among the tabs of its database from when it joins them until it leaves. */
export class Membership {
  readonly row: LeaderRow
  readonly leadership: Leadership
  readonly calls: Calls
  readonly marker: VanishMarker
  readonly #channel: TabChannel
  readonly #stopListening: Cancel
  readonly #stopLifecycle: Cancel

  constructor({ db, env, storage }: Pick<TabParts, 'db' | 'env' | 'storage'>, member: Member) {
    const channel = env.channel(`dexie-rest-sync:${db.name}`)
    const { hear, moment, ...parts } = member
    this.#channel = channel
    this.marker = new VanishMarker(db)
    this.row = storedLeaderRow(storage)
    this.leadership = createLeadership({ ...parts, env, channel, row: this.row, dbName: db.name })
    this.calls = createCalls({ ...parts, env, channel })
    this.#stopListening = channel.listen((sent) => {
      const message = readMessage(sent)
      if (message) hear(message)
    })
    this.#stopLifecycle = env.lifecycle(moment)
  }

  /** Tells the other tabs. */
  say(message: TabMessage): void {
    this.#channel.post(sealed(message))
  }

  /** Calls that wait are rejected with `code`. Resolves when nothing of it runs any more (I12). */
  async leave(code: SyncErrorCode): Promise<void> {
    this.calls.stop(code)
    await this.leadership.stop()
    this.#stopListening()
    this.#stopLifecycle()
    this.marker.close()
    await this.#channel.close()
  }
}
