/** Virtual time: timers run when they are due, in order, and only when a test says so. */
export interface FakeClock {
  /** ms since the clock was made; never goes back. */
  time(): number
  timer(owner: object, task: () => void, ms: number): () => void
  /** Timers of this owner that wait. */
  waiting(owner: object): number
  /** Forgets all timers of this owner, as a crash does. */
  drop(owner: object): void
  /** While an owner is frozen its timers wait, however late. */
  freeze(owner: object, frozen: boolean): void
  /** Timers of this owner run only at whole multiples of `ms`, as those of a hidden page; 0 = when they are due. */
  throttle(owner: object, ms: number): void
  /** Lets everything run that needs no time: promises, messages, transactions. */
  settle(): Promise<void>
  /** Moves time on, running each timer at its own time. */
  advance(ms: number): Promise<void>
  /** Moves time on only as far as this promise needs; fails after `limit` ms of virtual time. */
  until<T>(promise: Promise<T>, limit?: number): Promise<T>
}

interface Timer {
  readonly owner: object
  readonly due: number
  readonly order: number
  readonly task: () => void
}

/** How many turns of the event loop count as "everything that needs no time": enough for some transactions. */
const turns = 60

export function createFakeClock(): FakeClock {
  let now = 0
  let order = 0
  const timers = new Set<Timer>()
  const frozen = new Set<object>()
  const grain = new Map<object, number>()

  function next(): Timer | undefined {
    const awake = [...timers].filter(({ owner }) => !frozen.has(owner)).map(throttled)
    return awake.sort((a, b) => a.due - b.due || a.order - b.order)[0]
  }

  function throttled(timer: Timer): Timer {
    const step = grain.get(timer.owner)
    return step ? { ...timer, due: Math.ceil(timer.due / step) * step } : timer
  }

  async function settle(): Promise<void> {
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
  }

  function run(timer: Timer): void {
    for (const each of timers) if (each.order === timer.order) timers.delete(each)
    now = Math.max(now, timer.due)
    timer.task()
  }

  async function advance(ms: number): Promise<void> {
    const end = now + ms
    await settle()
    for (let timer = next(); timer && timer.due <= end; timer = next()) {
      run(timer)
      await settle()
    }
    now = Math.max(now, end)
  }

  async function until<T>(promise: Promise<T>, limit = 3_600_000): Promise<T> {
    const end = now + limit
    let over = false
    const done = () => {
      over = true
    }
    promise.then(done, done)
    let idle = 0
    for (;;) {
      await settle()
      if (over) return promise
      const timer = next()
      if (!timer && idle++ < 50) continue // a long chain of transactions needs more turns
      if (!timer) throw new Error('Nothing is waiting for time to pass, yet the promise is not settled')
      idle = 0
      if (timer.due > end) throw new Error(`Not settled within ${limit} ms of virtual time`)
      run(timer)
    }
  }

  return {
    time: () => now,
    timer(owner, task, ms) {
      const timer = { owner, due: now + Math.max(0, ms), order: order++, task }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    waiting: (owner) => [...timers].filter((timer) => timer.owner === owner).length,
    drop(owner) {
      for (const timer of timers) if (timer.owner === owner) timers.delete(timer)
    },
    freeze(owner, still) {
      if (still) frozen.add(owner)
      else frozen.delete(owner)
    },
    throttle(owner, ms) {
      grain.set(owner, ms)
    },
    settle,
    advance,
    until,
  }
}
