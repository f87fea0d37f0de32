import { onTestFinished, vi } from 'vitest'

/** Does something while the transaction that signs somebody out is under way. */
export function whileOneSignsOut<T>(work: () => Promise<T>): Promise<T> {
  const { clear } = IDBObjectStore.prototype
  return new Promise((resolve, reject) => {
    const spy = vi.spyOn(IDBObjectStore.prototype, 'clear').mockImplementation(function (
      this: IDBObjectStore,
    ) {
      spy.mockRestore()
      work().then(resolve, reject)
      return clear.call(this)
    })
    onTestFinished(() => spy.mockRestore())
  })
}
