/** One IndexedDB transaction and what was asked of it. */
export interface TransactionCost {
  readonly mode: IDBTransactionMode
  requests: number
  /** Rows that came back from `get` and `getAll`. */
  rowsRead: number
  /** Requests by store and method. */
  readonly by: Record<string, number>
}

const methods = ['add', 'put', 'delete', 'get', 'getAll', 'getAllKeys', 'count', 'openCursor'] as const

/**
 * Every transaction in which something was asked of IndexedDB while `work` ran, in the order they began. Told by their
 * requests: Dexie keeps its own hold of the method that begins one.
 */
export async function costOf(work: () => PromiseLike<unknown>): Promise<TransactionCost[]> {
  const costs = new Map<IDBTransaction, TransactionCost>()
  const restore = [IDBObjectStore.prototype, IDBIndex.prototype].flatMap((prototype) =>
    methods
      .filter((method) => Object.hasOwn(prototype, method))
      .map((method) => wrap(prototype as unknown as Wrapped, method, costs)),
  )
  try {
    await work()
  } finally {
    for (const undo of restore) undo()
  }
  return [...costs.values()]
}

type Wrapped = Record<string, (...args: unknown[]) => IDBRequest>

function wrap(prototype: Wrapped, method: string, costs: Map<IDBTransaction, TransactionCost>): () => void {
  const original = prototype[method]!
  prototype[method] = function (this: IDBObjectStore | IDBIndex, ...args) {
    const request = original.apply(this, args)
    const store = 'objectStore' in this ? this.objectStore : this
    const cost = costs.get(store.transaction) ?? {
      mode: store.transaction.mode,
      requests: 0,
      rowsRead: 0,
      by: {},
    }
    costs.set(store.transaction, cost)
    cost.requests += 1
    cost.by[`${store.name}.${method}`] = (cost.by[`${store.name}.${method}`] ?? 0) + 1
    request.addEventListener('success', () => {
      if (method === 'getAll') cost.rowsRead += (request.result as unknown[]).length
      else if (method === 'get' && request.result !== undefined) cost.rowsRead += 1
    })
    return request
  }
  return () => {
    prototype[method] = original
  }
}

/** Several transactions in one sum. */
export function sum(costs: readonly TransactionCost[]): {
  transactions: number
  requests: number
  rowsRead: number
} {
  return {
    transactions: costs.length,
    requests: costs.reduce((total, { requests }) => total + requests, 0),
    rowsRead: costs.reduce((total, { rowsRead }) => total + rowsRead, 0),
  }
}

/** Those that asked this of one store, such as `_sync_fences.put`. */
export function thatDid(costs: readonly TransactionCost[], request: string): TransactionCost[] {
  return costs.filter(({ by }) => request in by)
}
