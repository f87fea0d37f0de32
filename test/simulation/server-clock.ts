import type { Prng } from './prng'
import type { ServerWeather } from './server-weather'
import type { Struck } from './struck'

/** A commit of the same moment is at most so long ago, ms. */
const sameMoment = 1_000

/** The clock of the server, which stamps every commit. A record's own time always grows. */
export class ServerClock {
  private off = 0
  private last = 0
  private healed = false

  constructor(
    private readonly weather: ServerWeather,
    private readonly real: () => number,
    private readonly draw: Prng,
    private readonly struck: Struck,
  ) {}

  /** It neither jumps nor is late any more. */
  heal(): void {
    this.healed = true
  }

  now(): number {
    return this.real() + this.weather.skew + this.off
  }

  /** The time a commit carries. `own`: that of the record so far. */
  stamp(own = 0): number {
    const time = Math.max(this.chosen(own), own + 1)
    if (time === this.last) this.struck.count('one-time')
    else if (time < this.last) this.struck.count('late-commit')
    this.last = Math.max(this.last, time)
    return time
  }

  private chosen(own: number): number {
    const { draw, weather, last } = this
    const { jumps, late, ties } = weather
    if (this.healed) return Math.max(this.now(), last + 1)
    if (jumps > 0 && draw.chance(0.1)) this.jump(draw.between(0, jumps))
    const now = this.now()
    if (draw.chance(ties) && last > own && now - last < sameMoment) return last
    if (late > 0 && draw.chance(0.3)) return now - draw.between(1, late)
    // Where nothing else goes wrong, time orders all commits.
    return jumps > 0 || late > 0 ? now : Math.max(now, last + 1)
  }

  private jump(off: number): void {
    if (off < this.off) this.struck.count('clock-jump')
    this.off = off
  }
}
