import type { Row } from '../../src/model/change'
import type { CodeShape } from './code-shape'
import type { Prng } from './prng'
import type { Struck } from './struck'

type Answer<T> = T | Promise<T>

/** What no function of a route may answer: no text, no object, no row, no page, and not that there is none. */
const garbage: readonly unknown[] = [7, true]

/** Functions of the app in its routes: they answer as they should, at once or late, or throw, hang or answer garbage (I13). */
export class RouteCode {
  private healed = false

  constructor(
    private readonly shape: CodeShape,
    private readonly draw: Prng,
    /** Resolves after so many ms of the world. */
    private readonly after: (ms: number) => Promise<void>,
    private readonly struck: Struck,
    /** Hears of each call. */
    private readonly called: () => void,
  ) {}

  /** The routes have functions. */
  get used(): boolean {
    return this.shape.used
  }

  /** From now on they do what they should. */
  heal(): void {
    this.healed = true
  }

  /** A function that answers what `right` does, if all goes well. */
  wrap<A extends readonly unknown[], T>(right: (...args: A) => T): (...args: A) => Answer<T> {
    return (...args) => {
      this.called()
      const wrong = this.wrong<T>()
      return wrong ? wrong(() => right(...args)) : right(...args)
    }
  }

  /** As {@link wrap}, for a function that must answer at once. */
  wrapAtOnce(right: (row: Row) => boolean): (row: Row) => boolean {
    return (row) => {
      this.called()
      if (!this.healed && this.draw.chance(this.shape.throws / 10)) this.fail()
      return right(row)
    }
  }

  private wrong<T>(): ((right: () => T) => Answer<T>) | undefined {
    const { draw, shape, struck } = this
    if (this.healed) return undefined
    if (draw.chance(shape.throws)) return draw.chance(0.5) ? () => this.fail() : async () => this.fail()
    if (draw.chance(shape.hangs)) {
      struck.count('code-hangs')
      return () => new Promise(() => {})
    }
    if (draw.chance(shape.garbage)) {
      struck.count('code-garbage')
      return () => draw.pick(garbage) as T
    }
    if (!draw.chance(shape.late)) return undefined
    struck.count('code-late')
    // 10 s it has: some are just in time, and some are not.
    return (right) => this.after(draw.pick([10, 1_000, 9_990, 10_010, 60_000])).then(right)
  }

  private fail(): never {
    this.struck.count('code-throws')
    throw new Error('a function of a route failed')
  }
}
