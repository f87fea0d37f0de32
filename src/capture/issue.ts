import type { DBCoreMutateResponse, DBCoreTable, DBCoreTransaction } from 'dexie'
import type { RowsRequest } from './write'

type StoreMethod = 'add' | 'put' | 'delete'

/** A write on its way. */
export interface Issued {
  readonly answer: Promise<DBCoreMutateResponse>
  /** The requests IndexedDB took, one for each row from the first; undefined where we could not look. */
  readonly requests: readonly IDBRequest[] | undefined
}

/**
 * Issues a write and notes the requests it makes. A bulk call that IndexedDB refuses half-way (a row it cannot clone, a
 * bad key) rejects at once and says nothing of the rows before that one, which are written and may commit: only their
 * requests know. So the transaction lends out a store that keeps them, for as long as the call is being issued.
 */
export function issue(core: DBCoreTable, trans: DBCoreTransaction, request: RowsRequest): Issued {
  const rows = request.type === 'delete' ? request.keys : request.values
  if (rows.length === 1) return { answer: core.mutate(request), requests: [] } // the only row is the refused one
  const native = trans as IDBTransaction
  let requests: IDBRequest[] | undefined
  native.objectStore = (name) => {
    const store = (Object.getPrototypeOf(native) as IDBTransaction).objectStore.call(native, name)
    if (name !== core.name) return store
    requests ??= []
    return noting(store, requests)
  }
  try {
    return { answer: core.mutate(request), requests }
  } finally {
    // Dexie issues all rows before it returns; later ones go to the real store again.
    delete (native as { objectStore?: unknown }).objectStore
  }
}

/** A store as far as Dexie uses it to write rows. */
function noting(store: IDBObjectStore, requests: IDBRequest[]): IDBObjectStore {
  const method =
    (name: StoreMethod) =>
    (...args: unknown[]): IDBRequest => {
      const request = (store[name] as (...args: unknown[]) => IDBRequest)(...args)
      requests.push(request)
      return request
    }
  return {
    keyPath: store.keyPath,
    add: method('add'),
    put: method('put'),
    delete: method('delete'),
  } as unknown as IDBObjectStore
}
