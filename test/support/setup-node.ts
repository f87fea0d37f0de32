import 'fake-indexeddb/auto'
import { afterEach, expect } from 'vitest'

/** Rejections that nobody handled (FAULTS E13): they fail the test they belong to, not only the run. */
const unhandled: unknown[] = []
process.on('unhandledRejection', (reason) => {
  unhandled.push(reason)
})

afterEach(async () => {
  // Node tells of them when the microtasks have run out.
  await new Promise((resolve) => setImmediate(resolve))
  const leaked = unhandled.splice(0)
  expect(leaked, 'rejections that nobody handled').toEqual([])
})
