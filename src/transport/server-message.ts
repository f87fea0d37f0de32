import type { Body } from './reader'

const usual = ['message', 'error', 'errors']

/** Longest text of a server that is kept, characters. */
const longest = 1000

/**
 * The server's own words for an error: `detail` or `title` of a problem (RFC 9457), else `message` or `error`, else a
 * plain text. Without control characters, at most 1 kB; undefined where it says nothing.
 */
export function serverMessage(body: Body): string | undefined {
  if (body.kind === 'text') return clean(body.text)
  return body.kind === 'json' ? messageIn(body.value, 0) : undefined
}

/** True where a 409 or 422 speaks of the Idempotency-Key and not of the row. */
export function speaksOfKey(body: Body): boolean {
  if (body.kind !== 'json' || !isObject(body.value)) return false
  const { type, code, title, error } = body.value
  const inner = isObject(error) ? [error.type, error.code] : [error]
  return [type, code, title, ...inner].some((text) => typeof text === 'string' && /idempoten/i.test(text))
}

function messageIn(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return clean(value)
  if (Array.isArray(value)) return depth < 3 ? messageIn(value[0], depth + 1) : undefined
  if (!isObject(value) || depth >= 3) return undefined
  // A title alone may be that of a row, and rows do not belong in errors.
  const names = 'status' in value || 'type' in value ? ['detail', 'title', ...usual] : ['detail', ...usual]
  for (const name of names) {
    const found = messageIn(value[name], depth + 1)
    if (found) return found
  }
  return undefined
}

function clean(text: string): string | undefined {
  // Cut before and after: a megabyte is not searched for its last thousand letters.
  const kept = onOneLine(text.slice(0, longest * 2)).slice(0, longest)
  return shorten(kept) || undefined
}

/** Without what moves the cursor, breaks lines or hides (S14). */
export function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]+/gu, ' ').trim()
}

/** At most 1 kB as bytes, also for letters that take several. */
function shorten(text: string): string {
  const bytes = new TextEncoder().encode(text)
  return bytes.length <= longest
    ? text
    : new TextDecoder().decode(bytes.slice(0, longest)).replace(/\ufffd+$/, '')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
