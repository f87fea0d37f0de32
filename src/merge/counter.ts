/** Both sides' additions added up; undefined where any of the three is no number. A missing base counts as 0. */
export function addUp(base: unknown, local: unknown, remote: unknown): number | undefined {
  const from = base ?? 0
  if (!isNumber(from) || !isNumber(local) || !isNumber(remote)) return undefined
  const sum = remote + (local - from)
  return isNumber(sum) ? sum : undefined
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
