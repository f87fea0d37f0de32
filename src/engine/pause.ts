import { checkEpoch } from '../outbox/leader-check'
import type { Storage, Tx } from '../storage/transaction'

/** What is paused, in all tabs and over reloads: everything, or some tables. */
export interface Pause {
  readonly all: boolean
  readonly tables: readonly string[]
}

export const nothingPaused: Pause = { all: false, tables: [] }

export type PauseCall = 'pause' | 'resume' | 'pauseTable' | 'resumeTable'

export function isPauseCall(name: string): name is PauseCall {
  return /^(pause|resume)(Table)?$/.test(name)
}

interface StoredPause {
  readonly name: 'paused'
  readonly paused: boolean
  readonly tables?: readonly string[]
}

/** What the database says; `_sync_meta` must be in the scope of `tx`. */
export async function readPause(tx: Tx): Promise<Pause> {
  const stored = await tx.get<StoredPause>('_sync_meta', 'paused')
  return { all: stored?.paused === true, tables: stored?.tables ?? [] }
}

/**
 * Carries a call out in the database, and answers what is paused from now on. Only who leads in truth may: another leader
 * would not hear of it, and the device would stay paused.
 */
export function changePause(storage: Storage, epoch: number, call: PauseCall, table: string): Promise<Pause> {
  return storage.write(['_sync_meta', '_sync_leader'], async (tx) => {
    await checkEpoch(tx, epoch)
    const { all, tables } = after(await readPause(tx), call, table)
    const stored: StoredPause = { name: 'paused', paused: all, tables }
    await tx.put('_sync_meta', [stored])
    return { all, tables }
  })
}

/** `resume` ends every pause, those of tables too. */
function after({ all, tables }: Pause, call: PauseCall, table: string): Pause {
  const others = tables.filter((one) => one !== table)
  switch (call) {
    case 'pause':
      return { all: true, tables }
    case 'resume':
      return nothingPaused
    case 'pauseTable':
      return { all, tables: [...others, table] }
    case 'resumeTable':
      return { all, tables: others }
  }
}
