/** ms one small exchange with the server may take: login, repeats and the body of the answer included. */
export const requestTimeout = 30_000

/** Bytes a slow connection carries in a second at least. */
const slowest = 10_000
/** ms the longest exchange with the server may take. */
export const longestExchange = 600_000

/** ms an exchange may take that carries so many bytes up and down: a large row must pass a slow connection too. */
export function timeFor(bytes: number, least = requestTimeout): number {
  return Math.min(longestExchange, least + Math.floor(bytes / slowest) * 1_000)
}
