import type { BroadcastChannelOptions } from 'broadcast-channel'

interface NodeProcess {
  readonly versions?: { readonly electron?: string }
}

function nodeProcess(): NodeProcess | undefined {
  const { process } = globalThis as { process?: NodeProcess }
  return Object.prototype.toString.call(process) === '[object process]' ? process : undefined
}

/**
 * True where becoming leader through broadcast-channel would install listeners on the Node process, one of which
 * ends it on an uncaught error: Node, its browser imitations, Electron pages with Node in them.
 */
export function hasNodeProcess(): boolean {
  return nodeProcess() !== undefined
}

/** How tabs talk: as the browser can; in Node only within the process, since sockets would keep it alive. */
export function channelOptions(): BroadcastChannelOptions {
  const process = nodeProcess()
  return process && !process.versions?.electron ? { type: 'simulate' } : {}
}
