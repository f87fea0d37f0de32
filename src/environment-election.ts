import { BroadcastChannel, createLeaderElection, type LeaderElector } from 'broadcast-channel'
import type { LifecycleMoment } from './environment-lifecycle'
import type { Lock } from './environment-locks'
import { channelOptions, hasNodeProcess } from './environment-platform'

/** What an election needs of the environment it belongs to. */
export interface ElectionWorld {
  readonly timer: (task: () => void, ms: number) => () => void
  readonly lifecycle: (heard: (moment: LifecycleMoment) => void) => () => void
  readonly lock: Lock
  readonly report: (error: unknown) => void
}

/** How often an elected tab looks whether its elector still lives, ms. */
const lookEvery = 1_000

/**
 * Proposes this tab as leader until the returned function is called, which resolves when nothing runs any more.
 * `elected` and `lost` are never called before this function has returned.
 */
export function standForElection(
  name: string,
  world: ElectionWorld,
  elected: () => void,
  lost: () => void,
): () => Promise<void> {
  const place = `${name}:election`
  return hasNodeProcess() ? standByLock(place, world, elected) : standByElector(place, world, elected, lost)
}

function standByLock(place: string, { lock, report }: ElectionWorld, elected: () => void) {
  const withdrawn = new AbortController()
  const { signal } = withdrawn
  const term = async () => {
    await Promise.resolve() // so that the caller has its way to withdraw in hand
    if (signal.aborted) return
    elected()
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  }
  const over = lock(place, { signal }, term).catch((error) => {
    if (!signal.aborted) report(error)
  })
  return () => {
    withdrawn.abort()
    return over
  }
}

/**
 * The elector of broadcast-channel dies for good at any `beforeunload`, also when the page stays (a download link, a
 * `mailto:`). So a leading tab looks after its elector, and stands again on a new channel when it is dead.
 */
function standByElector(place: string, world: ElectionWorld, elected: () => void, lost: () => void) {
  // In a service worker `self.close` is missing, and the elector would fail on it.
  const scope = globalThis as { close?: () => void }
  scope.close ??= () => {}

  let channel: BroadcastChannel
  let elector: LeaderElector
  let leading = false
  let withdrawn = false
  let stopTimer = () => {}
  const closing: Promise<void>[] = []

  function stand(): void {
    channel = new BroadcastChannel(place, channelOptions())
    elector = createLeaderElection(channel)
    const mine = elector
    elector.onduplicate = () => mine === elector && standAgain()
    elector.awaitLeadership().then(
      () => mine === elector && !withdrawn && win(),
      (error) => {
        if (mine !== elector || withdrawn) return
        world.report(error)
        stopTimer = world.timer(standAgain, lookEvery)
      },
    )
  }

  function win(): void {
    if (elector.isDead) {
      standAgain()
      return
    }
    leading = true
    look()
    elected()
  }

  function look(): void {
    stopTimer()
    if (withdrawn || !leading) return
    if (elector.isDead) standAgain()
    else stopTimer = world.timer(look, lookEvery)
  }

  function standAgain(): void {
    leave()
    // Whoever heard that it is lost may have withdrawn.
    if (!withdrawn) stand()
  }

  function leave(): void {
    stopTimer()
    closing.push(closeQuietly(channel, world.report))
    const led = leading
    leading = false
    if (led && !withdrawn) lost()
  }

  stand()
  const stopListening = world.lifecycle((moment) => {
    if (moment === 'visible' || moment === 'thaw') look()
  })
  return async () => {
    if (!withdrawn) {
      withdrawn = true
      stopListening()
      leave()
    }
    await Promise.all(closing)
  }
}

async function closeQuietly(channel: BroadcastChannel, report: (error: unknown) => void): Promise<void> {
  try {
    await channel.close()
  } catch (error) {
    report(error)
  }
}
