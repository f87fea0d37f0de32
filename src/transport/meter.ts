import type { Environment } from '../environment'
import type { Exchange } from '../model/exchange'

/** Measures one request. */
export interface Meter {
  /** It leaves now. */
  left(body: string | undefined): void
  answered(status: number): void
  /** So many more bytes of the answer were read. */
  read(bytes: number): void
  /** It is over, however it went: one that never left is not told of. */
  over(): void
}

const encoder = new TextEncoder()

export function meter(
  env: Pick<Environment, 'monotonic'>,
  tell: (exchange: Exchange) => void = () => {},
): Meter {
  let started: number | undefined
  let status: number | undefined
  let up = 0
  let down = 0
  return {
    left(body = '') {
      started = env.monotonic()
      up = encoder.encode(body).byteLength
    },
    answered(code) {
      status = code
    },
    read(bytes) {
      down += bytes
    },
    over() {
      if (started === undefined) return
      tell({ ...(status !== undefined && { status }), duration: env.monotonic() - started, up, down })
    },
  }
}
