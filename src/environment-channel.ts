import { BroadcastChannel } from 'broadcast-channel'
import { type ElectionWorld, standForElection } from './environment-election'
import { channelOptions } from './environment-platform'

/** The channel of the tabs that share `name`, by broadcast-channel; messages and election have one each. */
export function openTabChannel(name: string, world: ElectionWorld) {
  const wire = new BroadcastChannel<unknown>(name, channelOptions())
  const listeners = new Set<(message: unknown) => void>()
  const candidacies = new Set<() => Promise<void>>()
  const closing: Promise<void>[] = []
  wire.onmessage = (message) => {
    for (const heard of [...listeners]) heard(message)
  }

  return {
    post(message: unknown): void {
      if (!wire.isClosed) wire.postMessage(message).catch(world.report)
    },
    listen(heard: (message: unknown) => void) {
      listeners.add(heard)
      return () => {
        listeners.delete(heard)
      }
    },
    elect(elected: () => void, lost: () => void) {
      const withdraw = standForElection(name, world, elected, lost)
      candidacies.add(withdraw)
      return () => {
        if (candidacies.delete(withdraw)) closing.push(withdraw())
      }
    },
    async close(): Promise<void> {
      for (const withdraw of candidacies) closing.push(withdraw())
      candidacies.clear()
      listeners.clear()
      await Promise.all([wire.close(), ...closing])
    },
  }
}
