import Dexie from 'dexie'

type Settle<A> = (value: A) => void

/** What Dexie's promises can do beyond others: call back in the very step they settle in, in no zone of their own. */
interface StepPromise<A> {
  _then(kept: Settle<A>, broken: Settle<unknown>): void
}

interface Zones {
  readonly PSD: object
  usePSD<T>(zone: object, run: () => T): T
}

const { usePSD: inZone } = Dexie.Promise as unknown as Zones
const zoneNow = () => (Dexie.Promise as unknown as Zones).PSD

/**
 * As `source.then(kept, broken)`, but the answer settles in the same step as `source`: with capture in between, an
 * app's calls settle in the order they would without it, down to the last turn of Dexie's promise queue.
 */
export function relay<A, B>(
  source: Promise<A>,
  kept: (value: A) => B | Promise<B>,
  broken: (error: unknown) => B | Promise<B>,
): Promise<B> {
  if (!('_then' in source)) return source.then(kept, broken)
  const zone = zoneNow()
  return new Promise<B>((resolve, reject) => {
    const run =
      <V>(next: (value: V) => B | Promise<B>): Settle<V> =>
      (value) => {
        try {
          resolve(inZone(zone, () => next(value)))
        } catch (error) {
          reject(error)
        }
      }
    ;(source as unknown as StepPromise<A>)._then(run(kept), run(broken))
  })
}
