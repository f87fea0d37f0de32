import type { SyncEvent, SyncEventName, SyncEvents } from '../model/event'
import { callListener } from './listener'

export interface Emitter {
  /** Hears an event until the returned function is called. */
  on<N extends SyncEventName>(name: N, listener: (data: SyncEvents[N]) => unknown): () => void
  /** As {@link Emitter.on}, for the next time only. */
  once<N extends SyncEventName>(name: N, listener: (data: SyncEvents[N]) => unknown): () => void
  /**
   * Tells everybody who listened when the call began and still does. A listener that throws, or answers a promise
   * that rejects, is reported and harms nobody (I13).
   */
  emit(event: SyncEvent): void
  /** Whether anybody listens. */
  isHeard(name: SyncEventName): boolean
}

/** `began`: called when somebody begins to listen. */
export function createEmitter(
  report: (error: unknown) => void,
  began: (name: SyncEventName) => void = () => {},
): Emitter {
  const listeners = new Map<SyncEventName, Set<Listening>>()

  function on<N extends SyncEventName>(name: N, listener: (data: SyncEvents[N]) => unknown): () => void {
    const heard = listeners.get(name) ?? new Set()
    listeners.set(name, heard)
    // One object a call: the same function may listen twice, and each leaves by itself.
    const listening: Listening = { hear: listener as Listening['hear'] }
    heard.add(listening)
    began(name)
    return () => {
      heard.delete(listening)
    }
  }

  function once<N extends SyncEventName>(name: N, listener: (data: SyncEvents[N]) => unknown): () => void {
    const stop = on(name, (data) => {
      stop()
      return listener(data)
    })
    return stop
  }

  function emit(event: SyncEvent): void {
    const heard = listeners.get(event.name)
    if (!heard) return
    for (const listening of [...heard]) {
      if (heard.has(listening)) callListener(listening.hear, event.data, report)
    }
  }

  return { on, once, emit, isHeard: (name) => (listeners.get(name)?.size ?? 0) > 0 }
}

interface Listening {
  readonly hear: (data: SyncEvent['data']) => unknown
}
