/** One request that left for the server, as the metrics count it: login renewals and quick repeats are requests too. */
export interface Exchange {
  /** Of the answer; absent where none was read. */
  readonly status?: number
  /** From its leaving to the last byte of the answer, or to its failure, ms. */
  readonly duration: number
  /** Bytes of its body. */
  readonly up: number
  /** Bytes of the answer's body, as far as they were read. */
  readonly down: number
}
