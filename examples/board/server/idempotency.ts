import { createHash } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'
import { inTransaction } from './database'
import { Problem } from './problem'
import type { Answer } from './writes'

/** How long an answer is kept, hours: more than the 24 a client may count on. */
const kept = 48

export interface KeyedAnswer extends Answer {
  /** Said before: nothing was done this time. */
  readonly replayed: boolean
}

/**
 * Runs writes at most once per `Idempotency-Key`. The answer is stored in the transaction of the effect: there is no
 * moment at which a crash leaves one without the other.
 *
 * - the key is known, same request: the stored answer, and nothing happens;
 * - the key is known, another request: 422;
 * - the key is being worked on right now: 409, ask again in a moment.
 */
export class Idempotency {
  /** Keys of requests of this process that have not committed. Other processes are told by a lock in the database. */
  private readonly running = new Set<string>()

  constructor(private readonly pool: Pool) {}

  /**
   * @param before runs while the key counts as being worked on, before the transaction.
   * @param effect may throw a {@link Problem}: it is rolled back, and the refusal is stored as the answer.
   */
  async once(
    key: string | undefined,
    request: { readonly method: string; readonly path: string; readonly body: unknown },
    before: () => Promise<void>,
    effect: (transaction: PoolClient) => Promise<Answer>,
  ): Promise<KeyedAnswer> {
    if (key === undefined) {
      await before()
      const answer = await inTransaction(this.pool, (transaction) => attempt(transaction, effect))
      return { ...answer, replayed: false }
    }
    if (key.length > 255) {
      throw new Problem(400, 'bad-key', 'The Idempotency-Key is too long', 'Use at most 255 characters.')
    }
    if (this.running.has(key)) throw outstanding()
    this.running.add(key)
    try {
      await before()
      return await inTransaction(this.pool, async (transaction) => {
        if (!(await tryLock(transaction, key))) throw outstanding()
        const fingerprint = fingerprintOf(request)
        const known = await recall(transaction, key)
        if (known) {
          if (known.fingerprint !== fingerprint) throw reused()
          return { ...known.answer, replayed: true }
        }
        const answer = await attempt(transaction, effect)
        await transaction.query(
          'insert into idempotency_keys (key, fingerprint, status, body) values ($1, $2, $3, $4)',
          [key, fingerprint, answer.status, JSON.stringify(answer.body)],
        )
        return { ...answer, replayed: false }
      })
    } finally {
      this.running.delete(key)
    }
  }

  /** Removes the answers nobody may count on any more. */
  async forgetOld(): Promise<void> {
    await this.pool.query(
      `delete from idempotency_keys where created_at < now() - make_interval(hours => ${kept})`,
    )
  }
}

/** The effect, or the refusal with nothing of the effect left. */
async function attempt(
  transaction: PoolClient,
  effect: (transaction: PoolClient) => Promise<Answer>,
): Promise<Answer> {
  await transaction.query('savepoint effect')
  try {
    return await effect(transaction)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    await transaction.query('rollback to savepoint effect')
    return { status: error.status, body: error.toJSON() }
  }
}

async function recall(transaction: PoolClient, key: string) {
  const { rows } = await transaction.query<{ fingerprint: string; status: number; body: unknown }>(
    'select fingerprint, status, body from idempotency_keys where key = $1',
    [key],
  )
  const [row] = rows
  return row && { fingerprint: row.fingerprint, answer: { status: row.status, body: row.body } }
}

async function tryLock(transaction: PoolClient, key: string): Promise<boolean> {
  const { rows } = await transaction.query<{ free: boolean }>(
    'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as free',
    [key],
  )
  return rows[0]?.free === true
}

function fingerprintOf({ method, path, body }: { method: string; path: string; body: unknown }): string {
  return createHash('sha256')
    .update(`${method} ${path}\n${JSON.stringify(body ?? null)}`)
    .digest('hex')
}

function outstanding(): Problem {
  return new Problem(
    409,
    'idempotency-key-outstanding',
    'A request is outstanding for this Idempotency-Key',
    'The same request is being worked on. Send it again in a moment.',
    {},
    1,
  )
}

function reused(): Problem {
  return new Problem(
    422,
    'idempotency-key-reused',
    'Idempotency-Key is already used',
    'This key was used for another request. Every request needs a key of its own.',
  )
}
