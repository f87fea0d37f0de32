import { differingFields } from './difference'
import type { Resolution } from './resolve'
import type { MergeRules, Versions } from './versions'

/** A person decides: the local row stays in sight, its changes are held, and whatever the sides differ in is asked about. */
export function parked(
  { local, remote }: Versions,
  { serverFields }: Pick<MergeRules, 'serverFields'>,
): Resolution {
  const fields = differingFields(local, remote, serverFields)
  return { row: local, waiting: 'keep', conflict: { fields, decision: 'parked' } }
}
