/** Headers as plain data. */
export type HeaderValues = Readonly<Record<string, string>>

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const sendable = /^[\t\u0020-\u007e\u0080-\u00ff]*$/

/**
 * The name of the first header that cannot be sent (line breaks, control characters, letters beyond Latin-1), or
 * undefined. `Headers` would throw for it, with the value in its message.
 */
export function unsendableHeader(headers: Readonly<Record<string, unknown>>): string | undefined {
  return Object.entries(headers).find(
    ([name, value]) => !token.test(name) || typeof value !== 'string' || !sendable.test(value),
  )?.[0]
}

/** What a header function answered, as plain data; undefined where it is no object of sendable texts. */
export function toHeaderValues(value: unknown): HeaderValues | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const headers: Record<string, unknown> = value instanceof Headers ? Object.fromEntries(value) : { ...value }
  return unsendableHeader(headers) === undefined ? (headers as HeaderValues) : undefined
}
