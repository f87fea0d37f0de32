/** What was asked of IndexedDB since {@link countRequests} began. */
export interface RequestCount {
  transactions: number
  requests: number
  /** Requests by store and method, for a message that says which one was too many. */
  readonly by: Record<string, number>
}

const storeMethods = [
  'add',
  'put',
  'delete',
  'clear',
  'get',
  'getKey',
  'getAll',
  'getAllKeys',
  'count',
  'openCursor',
  'openKeyCursor',
] as const

/** Counts every IndexedDB request and transaction made while `work` runs. Cursor steps are not counted. */
export async function countRequests(work: () => PromiseLike<unknown>): Promise<RequestCount> {
  const count: RequestCount = { transactions: 0, requests: 0, by: {} }
  // Told by their requests: Dexie keeps its own hold of the method that begins a transaction.
  const transactions = new Set<IDBTransaction>()
  const restore = hearRequests((name, transaction) => note(count, name, transactions.add(transaction).size))
  try {
    await work()
  } finally {
    restore()
  }
  return count
}

/** Keeps account of the transactions that have begun and are not over. */
export function watchTransactions(): { readonly open: ReadonlySet<IDBTransaction>; restore(): void } {
  const open = new Set<IDBTransaction>()
  const restore = hearRequests((_, transaction) => {
    if (open.has(transaction)) return
    open.add(transaction)
    for (const end of ['complete', 'abort']) transaction.addEventListener(end, () => open.delete(transaction))
  })
  return { open, restore }
}

function hearRequests(heard: (name: string, transaction: IDBTransaction) => void): () => void {
  const restore = [
    wrapMethods(IDBObjectStore.prototype, (store: IDBObjectStore, method) =>
      heard(`${store.name}.${method}`, store.transaction),
    ),
    wrapMethods(IDBIndex.prototype, ({ name, objectStore }: IDBIndex, method) =>
      heard(`${objectStore.name}.${name}.${method}`, objectStore.transaction),
    ),
  ]
  return () => {
    for (const undo of restore) undo()
  }
}

function note(count: RequestCount, name: string, transactions: number): void {
  count.transactions = transactions
  count.requests++
  count.by[name] = (count.by[name] ?? 0) + 1
}

function wrapMethods<T extends object>(prototype: T, called: (on: T, method: string) => void): () => void {
  const methods = prototype as Record<string, unknown>
  const originals = storeMethods
    .filter((name) => Object.hasOwn(prototype, name))
    .map((name) => [name, methods[name]] as const)
  for (const [name, original] of originals)
    methods[name] = function (this: T, ...args: unknown[]) {
      const request = (original as (...args: unknown[]) => unknown).apply(this, args)
      called(this, name) // only what IndexedDB took: a call it refuses makes no request
      return request
    }
  return () => {
    for (const [name, original] of originals) methods[name] = original
  }
}
