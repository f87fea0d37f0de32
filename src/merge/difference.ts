import type { Row } from '../model/change'
import { sameValue } from '../model/equal'

/** The fields in which two rows differ, leaving out `ignored`; a row that does not exist has no fields. */
export function differingFields(a: Row | null, b: Row | null, ignored: readonly string[] = []): string[] {
  const names = new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])
  return [...names].filter((name) => !ignored.includes(name) && !sameValue(a?.[name], b?.[name]))
}
