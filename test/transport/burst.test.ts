import { expect, it } from 'vitest'
import type { HttpAnswer } from '../../src/transport/answer'
import { burst } from '../../src/transport/burst'

/** When each try begins, ms after the first; every one takes `ms` and fails in passing. */
async function tries(ms: number): Promise<number[]> {
  let now = 0
  const begun: number[] = []
  const env = {
    now: () => now,
    random: () => 0.9,
    timer(task: () => void, wait: number) {
      now += wait
      queueMicrotask(task)
      return () => {}
    },
  }
  const send = async (): Promise<HttpAnswer> => {
    begun.push(now)
    now += ms
    return { kind: 'failed', code: 'network-failed', sent: true }
  }
  await burst(send, env, new AbortController().signal)
  return begun
}

it('a burst waits before each repeat', async () => {
  expect(await tries(100)).toEqual([0, 670, 2_670])
})

it('a burst that has no time left to wait does not repeat at once', async () => {
  expect(await tries(1_500)).toEqual([0, 2_070])
})
