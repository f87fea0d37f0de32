/** Nesting beyond this is no data of an app; deeper values also overflow the stack of whoever copies them (S13). */
const deepest = 200

/** More objects and lists, or more values, than any page holds: each of them takes far more memory than text. */
const most = { containers: 1_000_000, values: 10_000_000 }

const dangerousKeys = new Set(['__proto__', 'constructor', 'prototype'])
/** One of the words above, or an escaped letter that could hide one. */
const maybeDangerous = /__proto__|constructor|prototype|\\u00[567]/i

/**
 * `JSON.parse` for text of a server: keys that reach an object's prototype are dropped at every depth (S10).
 *
 * @throws SyntaxError for what is not JSON, is nested too deeply, or holds too much
 */
export function parseJson(text: string): unknown {
  weigh(text)
  // The reviver costs several times the parse, so only texts that could hold such a key pay for it.
  return maybeDangerous.test(text) ? JSON.parse(text, dropDangerous) : JSON.parse(text)
}

function dropDangerous(key: string, value: unknown): unknown {
  return dangerousKeys.has(key) ? undefined : value
}

/** Refuses a bomb before it is parsed, by counting brackets and commas outside strings. */
function weigh(text: string): void {
  let depth = 0
  let containers = 0
  let values = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === 0x22) at = endOfString(text, at)
    else if (char === 0x5b || char === 0x7b) {
      if (++depth > deepest) throw new SyntaxError('JSON is nested too deeply')
      if (++containers > most.containers) throw new SyntaxError('JSON holds too many objects')
    } else if (char === 0x5d || char === 0x7d) depth--
    else if (char === 0x2c && ++values > most.values) throw new SyntaxError('JSON holds too many values')
  }
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
