/** What went to the backend and what it said, whatever the device heard of it. */
export interface Exchange {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly status: number
  /** Said before: nothing was done this time. */
  readonly replayed: boolean
  readonly sent: Readonly<Record<string, unknown>>
  readonly answer: Readonly<Record<string, unknown>>
}
