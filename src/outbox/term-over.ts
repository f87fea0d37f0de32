/** Thrown where another tab turns out to lead, or to have led on: what is under way rolls back, the term ends. */
export class TermOver extends Error {
  override readonly name = 'TermOver'
}
