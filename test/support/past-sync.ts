/** Writes straight into IndexedDB, past Dexie and sync, as other code on the same database would. */
export function pastSync(name: string, store: string, write: (store: IDBObjectStore) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name)
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const db = opening.result
      const transaction = db.transaction(store, 'readwrite')
      write(transaction.objectStore(store))
      transaction.onabort = () => reject(transaction.error)
      transaction.oncomplete = () => {
        db.close()
        resolve()
      }
    }
  })
}
