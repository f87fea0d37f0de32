import type { Alias } from '../model/alias'
import type { Fence } from '../model/entry'
import type { Conflict, DeadLetter } from '../model/held'
import type { RecordState } from '../model/record-state'
import type { Tx } from '../storage/transaction'

/** What the changes of somebody who signed out with `keep` need, until they are back. The changes stay in the log. */
export interface Seal {
  readonly name: string
  readonly states: readonly RecordState[]
  /** Requests that may have arrived: they go again under their key. */
  readonly fences: readonly Fence[]
  readonly aliases: readonly Alias[]
  readonly letters: readonly DeadLetter[]
  /** Those parked for a person. */
  readonly conflicts: readonly Conflict[]
}

const prefix = 'sealed:'

/** The name of a seal in `_sync_meta`. */
export function sealName(identity: string): string {
  return `${prefix}${identity}`
}

export function isSeal(row: { readonly name: string }): row is Seal {
  return row.name.startsWith(prefix)
}

/** Gathers everything that is kept beside the log; receipts of what is settled are not. */
export async function readSeal(tx: Tx, identity: string): Promise<Seal> {
  const states = await tx.scan<RecordState>('_sync_records')
  const conflicts = await tx.scan<Conflict>('_sync_conflicts')
  return {
    name: sealName(identity),
    states: states.filter(({ settledAt }) => settledAt === undefined),
    fences: await tx.scan<Fence>('_sync_fences'),
    aliases: await tx.scan<Alias>('_sync_aliases'),
    letters: await tx.scan<DeadLetter>('_sync_letters'),
    conflicts: conflicts.filter(({ state }) => state === 'parked'),
  }
}

/** Puts everything back where it was; undefined where nothing was sealed. */
export async function breakSeal(tx: Tx, identity: string): Promise<Seal | undefined> {
  const name = sealName(identity)
  const seal = await tx.get<Seal>('_sync_meta', name)
  if (!seal) return undefined
  await tx.put('_sync_records', seal.states)
  await tx.put('_sync_fences', seal.fences)
  await tx.put('_sync_aliases', seal.aliases)
  await tx.put('_sync_letters', seal.letters)
  await tx.put('_sync_conflicts', seal.conflicts)
  await tx.remove('_sync_meta', [name])
  return seal
}
