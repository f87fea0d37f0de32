import type { Environment } from '../environment'
import { timeFor } from '../model/limits'

/** Waits for one exchange, longer the more it carries. */
export interface Patience {
  /** So many more bytes have gone up or come down. */
  carried(bytes: number): void
  cancel(): void
}

/** `late` is called once, when an exchange takes longer than what it has carried explains. `least`: ms. */
export function startPatience(
  env: Pick<Environment, 'timer' | 'monotonic'>,
  least: number,
  late: () => void,
): Patience {
  const begun = env.monotonic()
  let bytes = 0
  let cancel = env.timer(check, least)

  function check(): void {
    const left = timeFor(bytes, least) - (env.monotonic() - begun)
    if (left > 0) cancel = env.timer(check, left)
    else late()
  }

  return {
    carried(more) {
      bytes += more
    },
    cancel: () => cancel(),
  }
}
