import Dexie from 'dexie'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { EntryRef, Mark, Progress } from '../../src/model/entry'
import { finish, hold } from '../../src/outbox/marks'
import { Storage } from '../../src/storage/transaction'
import { captureOn } from '../capture/support'

let count = 0

/** A log with a record of each of these sizes, numbered from 1. */
async function logOf(...sizes: number[]) {
  const name = `marks-${++count}`
  const db = new Dexie(name)
  db.version(1).stores({ notes: 'id' })
  const { capture } = captureOn(db, { notes: 'client' })
  await db.open()
  const storage = new Storage(db, () => capture.below())
  onTestFinished(async () => {
    db.close()
    await Dexie.delete(name)
  })
  const tables = ['_sync_log', '_sync_progress']
  await storage.write(tables, async (tx) => {
    for (const size of sizes)
      await tx.append('_sync_log', {
        changes: Array.from({ length: size }, (_, key) => ({ kind: 'update', key })),
      })
  })
  const run = (refs: readonly EntryRef[], known: Record<number, number> = {}) =>
    storage.write(tables, (tx) => finish(tx, refs, (seq) => known[seq]))
  return {
    done: run,
    hold: (refs: readonly EntryRef[]) =>
      storage.write(tables, (tx) => hold(tx, refs, { held: 'dead', by: 'x' })),
    state: () =>
      storage.read(tables, async (tx) => ({
        log: (await tx.scan<{ seq: number }>('_sync_log')).map(({ seq }) => seq),
        marks: Object.fromEntries(
          (await tx.scan<Progress>('_sync_progress')).map(({ seq, marks }) => [seq, marks]),
        ) as Record<number, Record<number, Mark>>,
      })),
  }
}

const dead = { held: 'dead', by: 'x' }

describe('a change that is done', () => {
  it('takes its record along when it was alone in it', async () => {
    const { done, state } = await logOf(1, 1)
    await done([[1, 0]])
    expect(await state()).toEqual({ log: [2], marks: {} })
  })

  it('is marked while others of its record wait, and the last takes record and marks along', async () => {
    const { done, state } = await logOf(3)
    await done([[1, 1]])
    expect(await state()).toEqual({ log: [1], marks: { 1: { 1: 'done' } } })
    await done([
      [1, 0],
      [1, 2],
    ])
    expect(await state()).toEqual({ log: [], marks: {} })
  })

  it('may come with all others of several records at once', async () => {
    const { done, state } = await logOf(2, 1, 3)
    await done([
      [3, 2],
      [1, 0],
      [2, 0],
      [1, 1],
    ])
    expect(await state()).toEqual({ log: [3], marks: { 3: { 2: 'done' } } })
  })

  it('is marked in the same way whether the size of its record is known or must be read', async () => {
    for (const known of [{}, { 1: 2 }]) {
      const { done, state } = await logOf(2)
      await done([[1, 0]], known)
      expect(await state()).toEqual({ log: [1], marks: { 1: { 0: 'done' } } })
    }
  })

  it('is done once, however often it is said', async () => {
    const { done, state } = await logOf(2)
    await done([[1, 0]])
    await done([[1, 0]])
    expect(await state()).toEqual({ log: [1], marks: { 1: { 0: 'done' } } })
    await done([[1, 1]])
    await done([[1, 1]])
    expect(await state()).toEqual({ log: [], marks: {} })
  })

  it('leaves a record with a held change in the log', async () => {
    const { done, hold: keep, state } = await logOf(2)
    await keep([[1, 0]])
    await done([[1, 1]])
    expect(await state()).toEqual({ log: [1], marks: { 1: { 0: dead, 1: 'done' } } })
    await done([[1, 0]])
    expect(await state()).toEqual({ log: [], marks: {} })
  })

  it('takes the mark along when it was held alone in its record', async () => {
    const { done, hold: keep, state } = await logOf(1)
    await keep([[1, 0]])
    expect(await state()).toEqual({ log: [1], marks: { 1: { 0: dead } } })
    await done([[1, 0]], { 1: 1 })
    expect(await state()).toEqual({ log: [], marks: {} })
  })
})
