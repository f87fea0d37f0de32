/**
 * Rows of user code with null in place of those IndexedDB could not store, such as a row that holds a function: one
 * of them would fail its whole page for ever (B16).
 */
export function storable(rows: readonly unknown[]): readonly unknown[] {
  return canBeCloned(rows) ? rows : rows.map((row) => (canBeCloned(row) ? row : null))
}

function canBeCloned(value: unknown): boolean {
  try {
    structuredClone(value)
    return true
  } catch {
    // Exactly the question that was asked.
    return false
  }
}
