import { expect } from 'vitest'

/** Expects something of the world outside the pages that comes by itself, however busy the machine is. */
export function soon<T>(look: () => T) {
  return expect.poll(look, { timeout: 20_000 })
}
