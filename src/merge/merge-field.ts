import { type ConflictRules, ruleOf } from '../model/conflict-rules'
import { addUp } from './counter'
import { isLater } from './later'
import { chooseEdit } from './policies'
import { unite } from './set-union'
import type { Told } from './told'
import type { Versions } from './versions'

/** A field both sides changed: whose value stands, or a third one. */
export type Merged = 'local' | 'remote' | { readonly value: unknown }

/** What the rule of a field makes of it, else the policy. Only where there is a base, and no policy for whole rows (H9). */
export function mergeField(
  field: string,
  { base, local, remote, localTimes }: Versions,
  rules: ConflictRules,
  remoteChangedAt: number | undefined,
  told: Told,
): Merged {
  const later = () => isLater(localTimes?.fields[field] ?? localTimes?.row, remoteChangedAt)
  const byPolicy = () => (chooseEdit(rules.policy, later()) === 'local' ? 'local' : 'remote')
  const made = (value: unknown): Merged => (value === undefined ? byPolicy() : { value })
  const rule = ruleOf(field, rules)
  if (typeof rule === 'function') return made(told.fields?.[field])
  switch (rule) {
    case 'client':
      return 'local'
    case 'server':
      return 'remote'
    case 'counter':
      return made(addUp(base?.[field], local?.[field], remote?.[field]))
    case 'set-union':
      return made(unite(base?.[field], local?.[field], remote?.[field]))
    case 'lww':
      return later() ? 'local' : 'remote'
    default:
      return byPolicy()
  }
}
