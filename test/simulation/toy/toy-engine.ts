import type { Dexie } from 'dexie'
import type { Environment } from '../../../src/environment'
import type { StartEngine, TabEngine } from '../world'

/**
 * Not the library: a stand-in that only records creates, rightly or wrongly, to show that the simulation finds a row
 * and an entry that do not commit together. It sends nothing.
 */
export function toyEngine(capture: 'atomic' | 'beside'): StartEngine {
  return (db: Dexie, _environment: Environment): TabEngine => {
    db.version(1).stores({ ...appStores, _sync_log: '++seq' })
    db.use({
      stack: 'dbcore',
      name: 'toy-capture',
      create: (below) => ({
        ...below,
        transaction: (stores, mode, options) =>
          below.transaction(
            mode === 'readwrite' && capture === 'atomic' && !stores.includes('_sync_log')
              ? [...stores, '_sync_log']
              : stores,
            mode,
            options,
          ),
        table: (name) => {
          const table = below.table(name)
          if (name.startsWith('_sync_')) return table
          return {
            ...table,
            mutate: async (request) => {
              const answer = await table.mutate(request)
              if (request.type !== 'add') return answer
              const changes = request.values.map((row, i) => ({
                kind: 'create',
                key: answer.results?.[i],
                row,
              }))
              const record = { format: 1, table: name, changes }
              if (capture === 'atomic') {
                await below.table('_sync_log').mutate({ type: 'add', trans: request.trans, values: [record] })
              } else {
                const { addEventListener } = request.trans as unknown as EventTarget
                addEventListener.call(request.trans, 'complete', () => void db.table('_sync_log').add(record))
              }
              return answer
            },
          }
        },
      }),
    })
    return { start: async () => db.open(), stop: async () => db.close(), sync: async () => undefined }
  }
}

const appStores = { posts: '++id, title', comments: '++id, post', notes: 'id, tag' }
