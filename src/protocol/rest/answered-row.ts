import { isRow, keyIn } from '../../keys/key-in-row'
import { keyText } from '../../keys/key-text'
import { isValidKey } from '../../keys/stored-key'
import type { Key, Row } from '../../model/change'
import type { KeyPath } from '../../model/table'
import type { Body } from '../../transport/reader'

const wrappers = ['data', 'item', 'result', 'current']

/** The row in an answer about one record: the answer itself, or what its `data`, `item`, `result` or `current` holds. */
export function answeredRow(body: Body): unknown {
  if (body.kind !== 'json' || !isRow(body.value)) return undefined
  const answer = body.value
  const wrapper = wrappers.find((name) => isRow(answer[name]))
  return wrapper === undefined ? answer : answer[wrapper]
}

/** Whose row it is: the very record's, another one's, or nobody's (an answer such as `{ "ok": true }`). */
export function ownerOf(row: Row, keyPath: KeyPath, key: Key): 'same' | 'other' | 'none' {
  const found = keyIn(row, keyPath)
  if (!isValidKey(found)) return 'none'
  return keyText(found) === keyText(key) ? 'same' : 'other'
}
