import type { Place } from './page/place'

/** One side of a workload: gets ready, unmeasured, and answers what is measured. */
export type Side = (place: Place) => Promise<Measured>

export interface Measured {
  /** The part whose time and CPU count. */
  run(): Promise<void>
  /** Looks, unmeasured, whether `run` did what it was to do; throws where it did not. */
  check?(): Promise<void>
}

/** Something an app does, without us (`base`) and with us (`ours`). */
export interface Workload {
  /** For `--only`. */
  readonly name: string
  /** What is compared with what. */
  readonly title: string
  /** The wall ratio that must not be exceeded; absent = only reported. */
  readonly gate?: number
  /** Rounds unless told otherwise. Default 5. */
  readonly rounds?: number
  readonly base: Side
  readonly ours: Side
}
