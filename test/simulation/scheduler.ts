import { isOfGoneTab } from './gone-tab'
import { fold, type Prng } from './prng'

type Task = () => unknown

/** Where a task came from, for the kill and for the trace: `device/tab` names, or `world`. */
export type Owner = string

interface Waiting {
  due: number
  readonly order: number
  readonly lane: string
  readonly owner: Owner
  readonly task: Task
  cancelled: boolean
}

/**
 * Virtual time, and the only thing that decides what runs next.
 *
 * Tasks wait in lanes; a lane is first in, first out, and the schedule stream chooses between lanes. One step is one
 * task and every microtask that follows from it. Virtual time stands still while anything can run (`stepCost` apart) and jumps to the next timer when nothing can.
 *
 * While a run lasts `globalThis.setImmediate` and `setTimeout` are ours: fake-indexeddb reads the first at every
 * call, Dexie's observers use the second.
 */
export class Scheduler {
  /** Steps taken so far: what faults are indexed by. Time-indexed faults never land inside a transaction. */
  steps = 0
  /** Hash over every choice made so far: equal for equal runs. */
  hash = 0
  /** The device or tab whose task runs now; everything its promises do belongs to it until the next step. */
  owner: Owner = 'world'
  /** How often a library asked the real world for a timer, by what it was: see {@link install}. */
  readonly escaped = new Map<string, number>()
  /** Called before each step, with its number. */
  beforeStep: (step: number) => void = () => {}
  trace: ((line: string) => void) | undefined

  private time = 0
  private order = 0
  private readonly lanes = new Map<string, { owner: Owner; task: Task }[]>()
  /** What frozen owners have to do, in its order. */
  private readonly frozen = new Map<Owner, { lane: string; task: Task }[]>()
  private timers: Waiting[] = []
  private readonly hop = globalThis.setImmediate

  constructor(
    private readonly choice: Prng,
    private readonly stepCost: number,
  ) {}

  /** Virtual ms since the run began. */
  now(): number {
    return this.time
  }

  /**
   * Everybody sleeps for `ms`: what the world has to do comes that much later, timers of devices ring when they wake.
   */
  sleep(ms: number): void {
    this.time += ms
    for (const timer of this.timers) if (timer.owner === 'world') timer.due += ms
  }

  /** Runs `work` as if it were a task of that owner. */
  as<T>(owner: Owner, work: () => T): T {
    const before = this.owner
    this.owner = owner
    try {
      return work()
    } finally {
      this.owner = before
    }
  }

  /** Puts a task at the end of a lane. */
  post(lane: string, task: Task, owner: Owner = this.owner): void {
    const held = this.frozen.get(owner)
    if (held) {
      held.push({ lane, task })
      return
    }
    const waiting = this.lanes.get(lane)
    if (waiting) waiting.push({ owner, task })
    else this.lanes.set(lane, [{ owner, task }])
  }

  /** Puts a task into a lane after `ms` of virtual time. */
  after(ms: number, lane: string, task: Task, owner: Owner = this.owner): () => void {
    // A wait lost in rounding would ring for ever at the time it was set.
    const wait = ms > 0 && Number.isFinite(ms) ? Math.max(ms, leastWait) : 0
    const due = this.time + wait
    const entry: Waiting = { due, order: this.order++, lane, owner, task, cancelled: false }
    this.timers.push(entry)
    return () => {
      entry.cancelled = true
    }
  }

  /** Drops every task of an owner: the process that would have run them is gone. */
  drop(owner: Owner): void {
    for (const timer of this.timers) if (timer.owner === owner) timer.cancelled = true
    this.takeOut(owner)
    this.frozen.delete(owner)
  }

  /** Nothing of an owner runs until {@link thaw}: its tasks wait, and so does what its timers and others would have it do. */
  freeze(owner: Owner): void {
    if (!this.frozen.has(owner)) this.frozen.set(owner, this.takeOut(owner))
  }

  thaw(owner: Owner): void {
    const held = this.frozen.get(owner) ?? []
    this.frozen.delete(owner)
    for (const { lane, task } of held) this.post(lane, task, owner)
  }

  private takeOut(owner: Owner): { lane: string; task: Task }[] {
    const taken: { lane: string; task: Task }[] = []
    for (const [lane, tasks] of this.lanes) {
      const left = tasks.filter((each) => each.owner !== owner)
      if (left.length < tasks.length)
        for (const { owner: one, task } of tasks) if (one === owner) taken.push({ lane, task })
      if (left.length > 0) this.lanes.set(lane, left)
      else this.lanes.delete(lane)
    }
    return taken
  }

  /** Runs until `done` says so or a bound is reached; true when `done`. */
  async run(
    done: () => boolean,
    bounds: { readonly steps: number; readonly until: number },
  ): Promise<boolean> {
    const last = this.steps + bounds.steps
    const loop = () => {
      while (!done()) {
        if (this.steps >= last || this.time > bounds.until || !this.step()) return false
      }
      return true
    }
    // In a macrotask of its own: microtasks can only be drained where none runs.
    return new Promise((resolve, reject) => {
      this.hop(() => {
        try {
          resolve(loop())
        } catch (error) {
          reject(error)
        }
      })
    })
  }

  /** One step; false where nothing is left to run at all. */
  private step(): boolean {
    this.wake()
    if (this.lanes.size === 0 && !this.skip()) return false
    this.steps++
    this.time += this.stepCost
    this.beforeStep(this.steps)
    // What happened before the step may have dropped all there was.
    if (this.lanes.size > 0) this.runOne()
    drain()
    return true
  }

  private runOne(): void {
    const names = [...this.lanes.keys()]
    const lane = names[names.length === 1 ? 0 : this.choice.between(0, names.length - 1)]!
    const tasks = this.lanes.get(lane)!
    const { owner, task } = tasks.shift()!
    if (tasks.length === 0) this.lanes.delete(lane)
    this.note(`${this.steps} ${this.time.toFixed(2)} ${lane}`)
    this.owner = owner
    task()
  }

  /** Joins a line to the trace and its hash. */
  note(line: string): void {
    this.hash = fold(this.hash, line)
    this.trace?.(line)
  }

  /** Moves what is due from the timers to its lanes, in the order of its due time. */
  private wake(): void {
    if (!this.timers.some((timer) => timer.cancelled || timer.due <= this.time)) return
    const due = this.timers.filter((timer) => !timer.cancelled && timer.due <= this.time)
    this.timers = this.timers.filter((timer) => !timer.cancelled && timer.due > this.time)
    due.sort((a, b) => a.due - b.due || a.order - b.order)
    for (const timer of due) {
      // What is due and has not run can still be called off.
      const ring = () => (timer.cancelled ? undefined : timer.task())
      this.post(timer.lane, ring, timer.owner)
    }
  }

  private skip(): boolean {
    let next = Number.POSITIVE_INFINITY
    for (const timer of this.timers) if (!timer.cancelled && timer.due < next) next = timer.due
    if (next === Number.POSITIVE_INFINITY) return false
    this.time = Math.max(this.time, next)
    this.wake()
    return true
  }

  /** Takes over the global timers; the returned function gives them back. */
  install(): () => void {
    const real = {
      setImmediate: globalThis.setImmediate,
      setTimeout: globalThis.setTimeout,
      clearTimeout: globalThis.clearTimeout,
    }
    // fake-indexeddb is single-file per device: its tasks keep their order, devices interleave.
    // They are the device's, not the tab's: a browser's storage goes on when a tab dies, and so do Dexie's observers,
    // which all tabs of this process share.
    const immediate = (task: Task) => {
      const device = deviceOf(this.owner)
      this.post(`idb:${device}`, () => unlessGone(task), device)
    }
    const timeout = (task: Task, ms = 0) => {
      const caller = callerOf(new Error('probe').stack)
      this.escaped.set(caller, (this.escaped.get(caller) ?? 0) + 1)
      const device = deviceOf(this.owner)
      return this.after(ms, `timeout:${device}`, task, device)
    }
    const clear = (cancel: unknown) => {
      if (typeof cancel === 'function') cancel()
      else real.clearTimeout(cancel as NodeJS.Timeout | undefined)
    }
    Object.assign(globalThis, { setImmediate: immediate, setTimeout: timeout, clearTimeout: clear })
    return () => {
      this.flush()
      Object.assign(globalThis, real)
    }
  }

  /**
   * Runs what is left of the global timers. Dexie keeps "a task is queued" in module state: dropping that task would
   * silence its observers for every later run in this process.
   */
  private flush(): void {
    const left = this.timers.filter((timer) => timer.lane.startsWith('timeout:') && !timer.cancelled)
    for (const { task } of left) task()
    for (const [lane, tasks] of this.lanes)
      if (lane.startsWith('timeout:')) for (const each of tasks) each.task()
    this.lanes.clear()
    this.timers = []
  }
}

/**
 * Runs every microtask there is. A hop through the event loop would do it too, and costs a fifth of a run. Node has had
 * this since its beginnings, without a word in its documentation; the tests of the scheduler tell if it goes.
 */
const drain = (process as unknown as { _tickCallback(): void })._tickCallback.bind(process)

function unlessGone(task: Task): void {
  try {
    task()
  } catch (error) {
    if (!isOfGoneTab(error)) throw error
  }
}

/** Shortest wait above none, ms: what a clock can tell apart. */
const leastWait = 0.001

/** `d0/t1` belongs to device `d0`. */
function deviceOf(owner: Owner): string {
  return owner.split('/')[0]!
}

/** The package in node_modules, or the file, that asked. */
function callerOf(stack = ''): string {
  const lines = stack.split('\n').slice(2)
  const line = lines[0] ?? 'unknown'
  return (
    /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(line)?.[1] ??
    /([\w.-]+\/[\w.-]+\.\w+):\d+/.exec(line)?.[1] ??
    line
  )
}
