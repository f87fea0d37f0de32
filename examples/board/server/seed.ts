import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { cards } from './cards'
import { inTransaction } from './database'
import { people } from './people'
import { buryAll } from './rows'
import { createRow } from './writes'

const team = [
  { name: 'Ada Moreau', hue: 262 },
  { name: 'Jonas Weber', hue: 198 },
  { name: 'Mina Okafor', hue: 152 },
  { name: 'Theo Lindqvist', hue: 24 },
]

/** Title, column, place in {@link team} or nobody, votes, notes. */
const board: readonly (readonly [string, string, number | null, number, string])[] = [
  ['Sketch the onboarding screens', 'todo', 0, 3, 'Three steps at most'],
  ['Write the release notes', 'todo', null, 0, ''],
  ['Choose a name for the beta', 'todo', 2, 1, ''],
  ['Search that forgives typos', 'doing', 1, 5, 'Start with titles only'],
  ['Talk to five customers', 'doing', 2, 2, ''],
  ['Move the logs to cold storage', 'done', 3, 0, ''],
  ['Invoice the spring workshop', 'done', 0, 1, ''],
]

/** Fills an empty board; leaves one with rows as it is. */
export async function seedWhenEmpty(pool: Pool): Promise<void> {
  const { rowCount } = await pool.query('select 1 from people limit 1')
  if (!rowCount) await seed(pool)
}

/** Deletes everything, in the way devices notice, and where wanted puts the first rows back. */
export async function reset(pool: Pool, again: boolean): Promise<void> {
  await inTransaction(pool, async (transaction) => {
    await buryAll(transaction, cards)
    await buryAll(transaction, people)
  })
  if (again) await seed(pool)
}

async function seed(pool: Pool): Promise<void> {
  await inTransaction(pool, async (transaction) => {
    const ids = team.map(() => randomUUID())
    for (const [place, person] of team.entries()) {
      await createRow(transaction, people, { id: ids[place], ...person })
    }
    for (const [position, [title, column, who, votes, notes]] of board.entries()) {
      const assignee = who === null ? null : ids[who]
      await createRow(transaction, cards, {
        title,
        column,
        notes,
        assignee,
        votes,
        position: position + 1,
      })
    }
  })
}
