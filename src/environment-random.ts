/** At least 0, less than 1, with 53 random bits from a strong source: temporary keys are made of it. */
export function strongRandom(): number {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2))
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53
}

/** A version 4 UUID. `randomUUID` is missing on http pages that are not localhost. */
export function strongUuid(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return uuidFromBytes(bytes)
}

/** Makes a version 4 UUID of 16 random bytes. */
export function uuidFromBytes(bytes: Uint8Array): string {
  const marked = Uint8Array.from(bytes)
  marked[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  marked[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(marked, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
