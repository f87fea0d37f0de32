/** Nesting beyond this is no data of an app; deeper values also overflow the stack of whoever copies them (S13). */
const deepest = 200

const dangerousKeys = new Set(['__proto__', 'constructor', 'prototype'])
/** One of the words above, or an escaped letter that could hide one. */
const maybeDangerous = /__proto__|constructor|prototype|\\u00[567]/i

/**
 * `JSON.parse` for text of a server: keys that reach an object's prototype are dropped at every depth (S10).
 *
 * @throws SyntaxError for what is not JSON, or is nested too deeply
 */
export function parseJson(text: string): unknown {
  if (depthOf(text) > deepest) throw new SyntaxError('JSON is nested too deeply')
  // The reviver costs several times the parse, so only texts that could hold such a key pay for it.
  return maybeDangerous.test(text) ? JSON.parse(text, dropDangerous) : JSON.parse(text)
}

function dropDangerous(key: string, value: unknown): unknown {
  return dangerousKeys.has(key) ? undefined : value
}

/** The deepest nesting in a JSON text, by counting brackets outside strings. */
function depthOf(text: string): number {
  let depth = 0
  let greatest = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === 0x22) at = endOfString(text, at)
    else if (char === 0x5b || char === 0x7b) {
      depth++
      if (depth > greatest) greatest = depth
    } else if (char === 0x5d || char === 0x7d) depth--
  }
  return greatest
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end < 0 ? text.length : end
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes++
  return slashes % 2 === 1
}
