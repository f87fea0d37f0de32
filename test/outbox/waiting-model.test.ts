import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AliasMap } from '../../src/keys/alias-map'
import type { StoredLogRecord } from '../../src/model/change'
import type { EntryRef } from '../../src/model/entry'
import { Waiting } from '../../src/outbox/waiting'

interface Known {
  readonly ref: EntryRef
  readonly key: number
  held: boolean
  fence: string | undefined
}

/** The same, told in the simplest way: one list. */
class Model {
  entries: Known[] = []
  readonly names = new Map<number, number>()
  seq = 0

  nameOf(key: number): number {
    return this.names.get(key) ?? key
  }

  take(keys: readonly number[], replaces: readonly EntryRef[]): StoredLogRecord {
    this.seq += 1
    const { seq } = this
    this.remove(replaces)
    keys.forEach((key, index) => {
      this.entries.push({ ref: [seq, index], key, held: false, fence: undefined })
    })
    const changes = keys.map((key) => ({ kind: 'update' as const, key }))
    return {
      seq,
      format: 1,
      id: `${seq}`,
      tx: '',
      table: 't',
      at: 0,
      schemaVersion: 1,
      identity: '',
      changes,
      replaces,
    }
  }

  remove(refs: readonly EntryRef[]): void {
    const gone = new Set(refs.map(String))
    this.entries = this.entries.filter(({ ref }) => !gone.has(String(ref)))
  }

  of(refs: readonly EntryRef[]): Known[] {
    const named = new Set(refs.map(String))
    return this.entries.filter(({ ref }) => named.has(String(ref)))
  }
}

const places = fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.nat(3)), { maxLength: 4 })
const keys = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 4 })
const deed = fc.oneof(
  fc.record({ do: fc.constant('take' as const), keys, refs: places }),
  fc.record({
    do: fc.constantFrom('remove' as const, 'hold' as const, 'fence' as const, 'unfence' as const),
    refs: places,
  }),
  fc.record({
    do: fc.constant('rename' as const),
    from: fc.integer({ min: -3, max: -1 }),
    to: fc.integer({ min: 1, max: 3 }),
  }),
)

describe('what waits, after anything that can happen to it', () => {
  it('is what a plain list of changes would say', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
        const aliases = new AliasMap()
        const waiting = new Waiting(aliases, { version: () => 1 })
        const model = new Model()
        for (const one of deeds) {
          if (one.do === 'take') {
            waiting.take(model.take(one.keys, one.refs))
          } else if (one.do === 'remove') {
            waiting.remove(one.refs)
            model.remove(one.refs)
          } else if (one.do === 'hold') {
            waiting.hold(one.refs, { held: 'dead', by: 'x' })
            for (const known of model.of(one.refs)) Object.assign(known, { held: true, fence: undefined })
          } else if (one.do === 'rename') {
            if (model.names.has(one.from)) continue
            aliases.set('t', one.from, one.to)
            waiting.rename('t', one.from, one.to)
            model.names.set(one.from, one.to)
          } else {
            const items = [
              { table: 't', key: 0, kind: 'update' as const, entries: one.refs, ops: [], row: {}, base: {} },
            ]
            const fence = one.do === 'fence' ? 'f' : undefined
            if (fence) waiting.fence({ id: fence, items })
            else waiting.unfence({ items })
            for (const known of model.of(one.refs)) known.fence = fence
          }
          expectSame(waiting, model)
        }
      }),
      { numRuns: 300 },
    )
  })
})

function expectSame(waiting: Waiting, model: Model): void {
  expect(waiting.count).toBe(model.entries.length)
  expect(waiting.freeCount()).toBe(model.entries.filter(({ held }) => !held).length)
  expect(waiting.seen).toBe(model.seq)
  const byKey = new Map<number, Known[]>()
  for (const known of model.entries) {
    const name = model.nameOf(known.key)
    byKey.set(name, [...(byKey.get(name) ?? []), known])
    expect(waiting.has(known.ref)).toBe(true)
    expect(waiting.isFree(known.ref)).toBe(!known.held && known.fence === undefined)
    expect(waiting.recordOf(known.ref)?.key).toBe(name)
  }
  const records = [...waiting.records()]
  expect(records.map(({ key }) => Number(key)).sort()).toEqual([...byKey.keys()].sort())
  for (const { key, entries } of records) {
    const expected = byKey.get(Number(key)) ?? []
    expect(entries.map(({ ref, held, fence }) => [ref, held !== undefined, fence])).toEqual(
      expected.map(({ ref, held, fence }) => [ref, held, fence]),
    )
  }
}
