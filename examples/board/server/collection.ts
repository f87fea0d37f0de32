/** A row as it leaves the server. */
export type Row = Record<string, unknown>

/** A field a client may write. */
export interface Field {
  /** What is wrong with a value, in words for a person; undefined = nothing. */
  check(value: unknown): string | undefined
  /** What a new row gets where the client says nothing; absent = the client must say. */
  readonly initial?: unknown
}

/** One table of the API: what may be written, and who makes the keys. */
export interface Collection {
  readonly name: 'cards' | 'people'
  /** `server`: integers made here. `client`: UUIDs made by the device, so that a create can be repeated safely. */
  readonly key: 'server' | 'client'
  readonly fields: Readonly<Record<string, Field>>
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && uuidForm.test(value)
}

/** A text of 1 to `longest` characters. */
export function checkText(value: unknown, longest: number): string | undefined {
  if (typeof value !== 'string') return 'must be a text'
  if (value.trim() === '') return 'must not be empty'
  if (value.length > longest) return `must have at most ${longest} characters, has ${value.length}`
  return undefined
}
