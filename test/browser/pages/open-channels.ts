/** Counts the channels that are open in this page from now on. */
const open = new Set<BroadcastChannel>()

window.BroadcastChannel = class extends BroadcastChannel {
  constructor(name: string) {
    super(name)
    open.add(this)
  }
  override close(): void {
    open.delete(this)
    super.close()
  }
}

export function openChannels(): number {
  return open.size
}
