import type { Key } from '../model/change'

const textPrefix = 'new~'
const largest = Number.MAX_SAFE_INTEGER

/**
 * A key for a row the server has not seen: a random negative safe integer, or a prefixed UUID in tables with text keys.
 * Drawn without a store, never reused: 53 random bits keep keys of many tabs apart.
 */
export function temporaryKey(kind: 'number' | 'text', world: { random(): number; uuid(): string }): Key {
  return kind === 'number' ? -1 - Math.floor(world.random() * largest) : textPrefix + world.uuid()
}

/** True for keys {@link temporaryKey} can have made. */
export function isTemporary(key: Key): boolean {
  return typeof key === 'number'
    ? Number.isSafeInteger(key) && key < 0
    : typeof key === 'string' && key.startsWith(textPrefix)
}
