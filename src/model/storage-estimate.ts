/** What the browser says of the storage of this origin, bytes. */
export interface StorageEstimate {
  readonly usage?: number
  readonly quota?: number
}
