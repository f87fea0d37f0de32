import { spawnSync } from 'node:child_process'
import type { TestCase, TestModule, Vitest } from 'vitest/node'
import { setUp } from './set-up'

/**
 * `npm test`: set-up, types, then every test of every project, in that order, since a later step says nothing of value
 * where an earlier one failed. A test that was skipped fails the run. The last line is `N passed, N failed`.
 */
async function test(): Promise<void> {
  if (!setUp()) return close(0, 1)
  console.log('Types: src as the package is built, then everything.')
  if (!typesHold('tsconfig.json') || !typesHold('tsconfig.test.json')) return close(0, 1)
  const { startVitest } = await import('vitest/node')
  const vitest = await startVitest('test', [], { watch: false })
  const { passed, failed, complaints } = count(vitest)
  await vitest.close()
  for (const complaint of complaints) console.error(complaint)
  close(passed, failed)
}

function typesHold(project: string): boolean {
  return spawnSync('npx', ['tsc', '--noEmit', '-p', project], { stdio: 'inherit' }).status === 0
}

interface Tally {
  readonly passed: number
  readonly failed: number
  /** What counts as failed although no test of its own did. */
  readonly complaints: readonly string[]
}

function count(vitest: Vitest): Tally {
  const modules = vitest.state.getTestModules()
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const withState = (state: string) => tests.filter((one) => one.result().state === state)
  const complaints = [
    ...withState('skipped').map((one) => `Skipped, which counts as failed: ${place(one)}`),
    ...withState('pending').map((one) => `Never ran: ${place(one)}`),
    ...modules.filter(broken).map((module) => `Could not run: ${module.relativeModuleId}`),
    ...vitest.state.getUnhandledErrors().map((error) => `Unhandled error: ${String(error)}`),
    ...(tests.length === 0 ? ['No tests were found.'] : []),
  ]
  return {
    passed: withState('passed').length,
    failed: withState('failed').length + complaints.length,
    complaints,
  }
}

function place(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`
}

function broken(module: TestModule): boolean {
  return (
    module.errors().length > 0 || [...module.children.allSuites()].some((suite) => suite.errors().length > 0)
  )
}

function close(passed: number, failed: number): void {
  process.exitCode = failed > 0 ? 1 : 0
  console.log(`${passed} passed, ${failed} failed`)
}

await test()
