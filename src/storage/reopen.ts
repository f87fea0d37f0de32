/** ms before the first try to open a database whose connection was lost; each next waits twice as long. */
const firstWait = 1_000

/** Tries after which a database counts as broken until somebody asks. */
const tries = 5

/** ms to wait before the next try, after this many; undefined = no more. */
export function reopenAfter(tried: number): number | undefined {
  return tried < tries ? firstWait * 2 ** tried : undefined
}

const passing = ['UnknownError', 'AbortError', 'TimeoutError', 'QuotaExceededError']

/** Whether a database that failed so may work again by itself. What the browser forbids, it will forbid again. */
export function mayPass(error: unknown): boolean {
  return passing.includes(nameOf(error)) || passing.includes(nameOf((error as { cause?: unknown })?.cause))
}

/** Whether transactions fail like this because the connection is dead, in browsers that do not say so. */
export function isDeadConnection(error: unknown): boolean {
  const { inner } = (error ?? {}) as { inner?: unknown }
  return nameOf(error) === 'UnknownError' || nameOf(inner) === 'UnknownError'
}

/** The name of an error, whatever it is. */
export function nameOf(error: unknown): string {
  return String((error as { name?: unknown } | null | undefined)?.name)
}
