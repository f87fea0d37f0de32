/** What a run of the benchmark is told. */
export interface Options {
  /** Names of workloads, or their part before a dash; empty = all. */
  readonly only: readonly string[]
  /** Rounds of each workload; undefined = its own number. */
  readonly rounds: number | undefined
  /** Ends with exit code 1 when a gate is not met. */
  readonly gate: boolean
  /** Takes a CPU profile of one run of each side instead of measuring. */
  readonly profile: boolean
}

export const usage = `npm run bench -- [--only adds,bulk] [--rounds 5] [--gate] [--profile]`

/** Reads the command line. Throws an error that says how it is used. */
export function readOptions(words: readonly string[]): Options {
  let only: string[] = []
  let rounds: number | undefined
  let [gate, profile] = [false, false]
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--only') only = (rest.shift() ?? '').split(',').filter(Boolean)
    else if (word === '--rounds') rounds = Number(rest.shift())
    else if (word === '--gate') gate = true
    else if (word === '--profile') profile = true
    else throw new Error(`${word} is no option. ${usage}`)
  }
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))
    throw new Error(`--rounds needs a whole number. ${usage}`)
  return { only, rounds, gate, profile }
}
