import type { Vitals } from './vitals'

/** How much the heap may have grown. */
const growth = 1.2

/** What has grown between the rest after the round `baseline` and the last. One list of devices a round. */
export function judgeVitals(rounds: readonly (readonly Vitals[])[], baseline: number): string[] {
  const [first, last] = [rounds[baseline], rounds.at(-1)]
  if (!first || !last || first === last) throw new Error('There are no two rounds to compare')
  return first.flatMap((before, device) => {
    const after = last[device]!
    const wrong: string[] = []
    const say = (what: string, from: string | number, to: string | number) =>
      wrong.push(`device ${device + 1}: ${what} ${from} at first, ${to} in the end`)
    if (after.heap > before.heap * growth) say('MB of heap', before.heap.toFixed(2), after.heap.toFixed(2))
    if (after.listeners !== before.listeners) say('listeners', before.listeners, after.listeners)
    if (after.channels !== before.channels) say('channels', before.channels, after.channels)
    if (after.locks.join() !== before.locks.join()) say('locks', before.locks.join(), after.locks.join())
    return wrong
  })
}
