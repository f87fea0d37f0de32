/** Thrown where another tab turns out to lead, or to have led on: what is under way rolls back, the term ends. */
export class TermOver extends Error {
  override readonly name = 'TermOver'
}

/** True for {@link TermOver}, also inside the error of an aborted transaction. */
export function isTermOver(error: unknown): boolean {
  return error instanceof TermOver || (error as { inner?: unknown } | null)?.inner instanceof TermOver
}
