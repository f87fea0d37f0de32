type Run = (...values: unknown[]) => Promise<unknown>

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (...code: string[]) => Run

/**
 * Runs the text of an example as an app would run it. Its imports are left out: `names` holds what they bring, and
 * whatever else it takes as given. Answers the variables named in `results`.
 */
export async function runScript<T>(
  code: string,
  names: Readonly<Record<string, unknown>>,
  results: readonly (keyof T & string)[],
): Promise<T> {
  const body = code.replace(/^import [^;\n]*(?:;|\n)/gm, '')
  const script = new AsyncFunction(...Object.keys(names), `${body}\nreturn { ${results.join(', ')} }`)
  return (await script(...Object.values(names))) as T
}
