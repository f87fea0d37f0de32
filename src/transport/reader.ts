import { parseJson } from './json'

/**
 * What the body of an answer is.
 *
 * - `none`: empty, or nothing but the words of its own status (`OK`), as frameworks send them.
 * - `json`: parsed, without keys that reach a prototype.
 * - `markup`: a page for people, so not from the API.
 * - `text`: some other text.
 * - `broken`: said to be JSON, but cut off or invalid.
 * - `too-large`: more bytes than are read.
 */
export type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'markup' | 'broken' | 'too-large' }

const jsonType = /^(?:application|text)\/(?:[\w.+-]+\+)?json$/
const htmlType = /^(?:text\/html|application\/xhtml\+xml)$/
const statusWords: Readonly<Record<number, string>> = { 200: 'ok', 201: 'created', 202: 'accepted' }

/**
 * Reads a body in the one order that is safe: status, content type, bytes up to a cap while they stream, text, JSON.
 * Rejects when the connection breaks; stops reading when `signal` aborts.
 *
 * @param maxBytes most bytes that are read
 * @param onBytes told how many bytes came, as they come
 * @param clean what the text goes through before it is looked at
 */
export async function readBody(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
  clean: (text: string) => string,
): Promise<Body> {
  const text = await readText(response, maxBytes, signal, onBytes)
  if (text === undefined) return { kind: 'too-large' }
  return bodyOf(clean(text), mediaType(response.headers.get('content-type')), response.status)
}

/** What a text is, told by its media type first: a login page is never taken for data, whatever it holds. */
export function bodyOf(text: string, type: string, status: number): Body {
  const trimmed = text.trim()
  if (trimmed === '') return { kind: 'none' }
  const isJson = jsonType.test(type)
  if (!isJson && trimmed.startsWith('<')) return { kind: 'markup' }
  if (isJson || (!htmlType.test(type) && /^[[{]/.test(trimmed))) return jsonOf(trimmed, isJson)
  if (trimmed.toLowerCase() === statusWords[status]) return { kind: 'none' }
  return { kind: 'text', text: trimmed }
}

function jsonOf(text: string, declared: boolean): Body {
  try {
    return { kind: 'json', value: parseJson(text) }
  } catch {
    // A cut or invalid answer is an expected thing: whoever asked decides what it means for its request.
    return declared ? { kind: 'broken' } : { kind: 'text', text }
  }
}

function mediaType(header: string | null): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** Undefined = more than `maxBytes`. */
async function readText(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<string | undefined> {
  if (!response.body) return ''
  const reader = response.body.getReader()
  // Bodies that ignore the request's own signal are cancelled here, which ends the read below.
  const stop = () => void reader.cancel().catch(nothingLeftToCancel)
  signal.addEventListener('abort', stop)
  try {
    if (Number(response.headers.get('content-length')) > maxBytes) return stop()
    const text = await collect(reader, maxBytes, stop, onBytes)
    // A cancelled body ends like a whole one; half an answer must not be taken for one.
    if (signal.aborted) throw new Error('stopped while reading')
    return text
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function collect(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
  stop: () => undefined,
  onBytes: (bytes: number) => void,
): Promise<string | undefined> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    onBytes(value.byteLength)
    if (bytes > maxBytes) return stop()
    text += decoder.decode(value, { stream: true })
  }
}

/** Cancelling a stream that already failed rejects with that failure, which its reader has reported. */
function nothingLeftToCancel(): undefined {
  return undefined
}
