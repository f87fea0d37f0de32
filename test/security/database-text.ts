/** Everything in every store of every database of this origin, as text: for what must not be in it. */
export async function databaseText(): Promise<string> {
  const texts: string[] = []
  for (const { name = '' } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name))
    const stores = [...db.objectStoreNames]
    const tx = stores.length > 0 ? db.transaction(stores) : undefined
    for (const store of stores) {
      const keys = await done(tx!.objectStore(store).getAllKeys())
      const values = await done(tx!.objectStore(store).getAll())
      texts.push(JSON.stringify([name, store, keys, values]))
    }
    db.close()
  }
  return texts.join('\n')
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
