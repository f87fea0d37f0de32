import type { OnDelete, Policy } from '../model/conflict-rules'
import type { Versions } from './versions'

/** Whose side a conflict is settled on; `park` = a person decides. */
export type Choice = 'local' | 'remote' | 'park'

/** True where the local change is the later one, undefined where nobody knows. */
type Later = boolean | undefined

/** One field, or two whole rows with a common base. */
export function chooseEdit(policy: Policy, later: Later): Choice {
  return edits[policy](later)
}

const edits: Record<Policy, (later: Later) => Choice> = {
  'server-wins': () => 'remote',
  'client-wins': () => 'local',
  lww: (later) => (later ? 'local' : 'remote'),
  // Nothing that was acknowledged here vanishes; the other side's value is kept in the conflict (decision 004).
  merge: () => 'local',
  custom: () => 'park',
  park: () => 'park',
}

/** Two rows without a common base. Nobody can tell what either side changed, so `merge` asks a person. */
export function chooseRow(policy: Policy, later: Later): Choice {
  return policy === 'merge' ? 'park' : chooseEdit(policy, later)
}

/** An edit against a deletion, whoever did which: `onDelete` where it is given, else as the policy says. */
export function chooseDeletion(
  onDelete: OnDelete | undefined,
  policy: Policy,
  { local }: Pick<Versions, 'local'>,
  later: Later,
): Choice {
  return deletions[onDelete ?? asPolicySays[policy](later)](local === null ? 'remote' : 'local')
}

const asPolicySays: Record<Policy, (later: Later) => OnDelete> = {
  'server-wins': () => 'server-wins',
  'client-wins': () => 'client-wins',
  lww: (later) => (later === undefined ? 'edit-wins' : later ? 'client-wins' : 'server-wins'),
  merge: () => 'edit-wins',
  custom: () => 'park',
  park: () => 'park',
}

const deletions: Record<OnDelete, (edited: 'local' | 'remote') => Choice> = {
  'edit-wins': (edited) => edited,
  'delete-wins': (edited) => (edited === 'local' ? 'remote' : 'local'),
  'server-wins': () => 'remote',
  'client-wins': () => 'local',
  park: () => 'park',
}
