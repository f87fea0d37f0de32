import type { Term } from './term'

/**
 * Shows on the page's timeline how long a piece of work took, where the app asked for that: a mark
 * `dexie-rest-sync:<name>:start` and a measure `dexie-rest-sync:<name>`.
 */
export async function timed<T>(
  { env, settings }: Pick<Term, 'env' | 'settings'>,
  name: string,
  task: () => Promise<T>,
): Promise<T> {
  if (!settings.marks) return task()
  const full = `dexie-rest-sync:${name}`
  env.mark?.(`${full}:start`)
  try {
    return await task()
  } finally {
    env.measure?.(full, `${full}:start`)
  }
}
