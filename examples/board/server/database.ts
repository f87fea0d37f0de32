import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import pg from 'pg'
import { lockFolder } from './folder-lock'

/** Where the rows are. One code path: both are spoken to through `pg`. */
export interface Database {
  readonly pool: pg.Pool
  /** What to tell a person about it. */
  readonly describes: string
  close(): Promise<void>
}

export type Place =
  | { readonly kind: 'memory' }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'server'; readonly url: string }

export async function openDatabase(place: Place): Promise<Database> {
  if (place.kind === 'server') return connect(place.url)
  if (place.kind === 'memory') return embed('memory://', 'PostgreSQL in memory (PGlite)')
  await mkdir(dirname(place.path), { recursive: true })
  // PGlite does not notice a second process on its folder, and two would ruin it.
  const unlock = await lockFolder(place.path)
  try {
    const database = await embed(place.path, `PostgreSQL in ${place.path} (PGlite)`)
    return { ...database, close: () => database.close().finally(unlock) }
  } catch (error) {
    await unlock()
    throw error
  }
}

async function embed(path: string, describes: string): Promise<Database> {
  const pglite = await PGlite.create(path)
  const pool = new pg.Pool(Object.assign(createPgConfig(pglite), { max: 1 }))
  return {
    pool,
    describes,
    async close() {
      await pool.end()
      await pglite.close()
    },
  }
}

async function connect(url: string): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url })
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on('error', (error) => console.error(`database connection lost: ${error.message}`))
  await pool.query('select 1')
  return { pool, describes: 'PostgreSQL at DATABASE_URL', close: () => pool.end() }
}

/** Runs `work` in one transaction: all of it or nothing. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (transaction: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}
