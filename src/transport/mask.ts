import type { HeaderValues } from './headers'
import { onOneLine } from './server-message'

/** Shorter texts are no secrets: masked, they would garble every message. */
const shortestSecret = 8
const shortestQuote = 4
const blank = '…'

/** A text of a server without the credentials its request was sent with: some quote what they refuse (S7). */
export function maskCredentials(text: string, credentials: HeaderValues): string {
  const parts = Object.values(credentials).flatMap((value) => [value, ...value.split(/[\s,;=]+/)])
  return mask(
    text,
    parts.filter((part) => part.length >= shortestSecret),
  )
}

/** The words of a server without the texts of a row they quote, also one that was cut at their end (S7). */
export function maskRow(message: string, ...rows: readonly unknown[]): string {
  const texts = [...textsIn(rows, 0)].map(onOneLine).filter((text) => text.length >= shortestQuote)
  return texts.reduce(maskCut, mask(message, texts))
}

function mask(text: string, secrets: readonly string[]): string {
  return [...new Set(secrets)]
    .filter((secret) => text.includes(secret))
    .sort((a, b) => b.length - a.length)
    .reduce((masked, secret) => masked.replaceAll(secret, blank), text)
}

/** A message is cut at its length, and so is what it quotes there. */
function maskCut(message: string, text: string): string {
  const head = text.slice(0, shortestQuote)
  for (let at = message.indexOf(head); at >= 0; at = message.indexOf(head, at + 1))
    if (text.startsWith(message.slice(at))) return message.slice(0, at) + blank
  return message
}

function* textsIn(value: unknown, depth: number): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null && depth < 20)
    for (const inner of Object.values(value)) yield* textsIn(inner, depth + 1)
}
