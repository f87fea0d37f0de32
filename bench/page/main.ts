import type { Measured } from '../workload'
import { workloads } from '../workloads/index'
import { place } from './place'

/** What the runner calls in the page. */
interface Bench {
  prepare(workload: string, side: 'base' | 'ours'): Promise<void>
  /** Answers the ms it took. */
  run(): Promise<number>
  check(): Promise<void>
}

declare global {
  interface Window {
    bench: Bench
  }
}

let measured: Measured

window.bench = {
  async prepare(name, side) {
    const workload = workloads.find((one) => one.name === name)
    if (!workload) throw new Error(`no workload ${name}`)
    measured = await workload[side](place)
  },
  async run() {
    const begin = performance.now()
    await measured.run()
    return performance.now() - begin
  },
  async check() {
    await measured.check?.()
  },
}
