/** The row all tabs see of the leader. */
export interface Heartbeat {
  /** Counts terms; only rises. */
  readonly epoch: number
  readonly tab: string
  /** Wall clock of the last sign of life, ms. */
  readonly heartbeat: number
  /** The leader was hidden then: browsers let hidden pages act once a minute. */
  readonly hidden: boolean
}

/** The stored {@link Heartbeat}. Whoever claimed last leads, whatever anybody was elected to (decision 7). */
export interface LeaderRow {
  read(): Promise<Heartbeat | undefined>
  /** In one transaction: the next epoch for this tab, with a heartbeat. Resolves with the epoch. */
  claim(tab: string, now: number): Promise<number>
  /** A sign of life, in one transaction; false, and nothing written, where the epoch has moved on. */
  beat(epoch: number, now: number, hidden: boolean): Promise<boolean>
}

/** ms between two heartbeats. */
export const beatEvery = 5_000
const staleAfter = 15_000
const staleAfterHidden = 90_000

/** What a tab has seen of the row so far. */
export interface Sighting {
  readonly epoch: number
  readonly heartbeat: number
  /** Monotonic time since which the row has looked like this, ms. */
  readonly since: number
}

/** The sighting after one more look; the old one while the row has not changed. */
export function sight(row: Heartbeat | undefined, before: Sighting | undefined, monotonic: number): Sighting {
  const { epoch, heartbeat } = row ?? { epoch: 0, heartbeat: 0 }
  const same = before?.epoch === epoch && before.heartbeat === heartbeat
  return same ? before : { epoch, heartbeat, since: monotonic }
}

/**
 * True when the leader has been silent for too long: by the wall clock, which a new tab can tell at once, or, since
 * that may have been set back, by the time this tab has seen no change. No row at all: only the latter.
 */
export function isStale(
  row: Heartbeat | undefined,
  { since }: Sighting,
  clock: { readonly now: number; readonly monotonic: number },
): boolean {
  const limit = row?.hidden ? staleAfterHidden : staleAfter
  return clock.monotonic - since >= limit || (row !== undefined && clock.now - row.heartbeat >= limit)
}
