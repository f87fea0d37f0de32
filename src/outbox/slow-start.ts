/** From here on the server counts as well again, however many are wanted at once. */
const enough = 64

/**
 * How many requests may fly at once after one more good answer, where `places` might before: 1, 2, 4, 8 … round by
 * round, since every answer of a round brings one more.
 */
export function oneMore(places: number): number {
  return places + 1 >= enough ? Number.POSITIVE_INFINITY : places + 1
}
