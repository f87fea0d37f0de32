import { describe, expect, it } from 'vitest'
import { AliasGate } from '../../src/keys/alias-gate'
import { AliasMap } from '../../src/keys/alias-map'
import { keyText } from '../../src/keys/key-text'
import { isValidKey, storedKey } from '../../src/keys/stored-key'
import { isTemporary, temporaryKey } from '../../src/keys/temporary'
import type { Alias } from '../../src/model/alias'
import type { Key } from '../../src/model/change'

const bytes = (...values: number[]) => new Uint8Array(values)

const keys: Key[] = [
  0,
  1,
  -1,
  1.5,
  Number.POSITIVE_INFINITY,
  1e12,
  new Date(1e12),
  new Date(0),
  '',
  '1',
  '\0',
  '\ud800',
  's1',
  bytes(1),
  bytes(1, 2),
  [],
  [1, 'a'],
  [1, ['a']],
  ['1', 'a'],
  ['a', 'bc'],
  ['ab', 'c'],
  [new Date(1), bytes(3)],
]

describe('the text of a key', () => {
  it('is the same exactly where IndexedDB holds the keys for the same', () => {
    for (const a of keys)
      for (const b of keys)
        expect([a, b, keyText(a) === keyText(b)]).toEqual([a, b, indexedDB.cmp(a, b) === 0])
  })

  it.each([
    ['-0 and 0', -0, 0],
    ['a view and its bytes', bytes(9, 1, 2).subarray(1), bytes(1, 2).buffer],
    ['-0 in a list', [-0, 'a'], [0, 'a']],
  ])('is the same for %s', (_, a, b) => {
    expect(keyText(a as Key)).toBe(keyText(b as Key))
  })
})

describe('a valid key', () => {
  it.each(keys.map((key) => [key]))('is %j', (key) => {
    expect(isValidKey(key)).toBe(true)
  })

  it.each([
    [Number.NaN],
    [true],
    [null],
    [undefined],
    [{}],
    [1n],
    [new Date(Number.NaN)],
    [[1, Number.NaN]],
    [new Array(2)],
    [() => 1],
  ])('is not %s', (value) => {
    expect(isValidKey(value)).toBe(false)
    expect(() => indexedDB.cmp(value, 1)).toThrow()
  })
})

describe('a stored key', () => {
  it('is a copy of its own, as IndexedDB hands it out', () => {
    const date = new Date(5)
    const key = storedKey([date, bytes(9, 1).subarray(1), -0]) as unknown[]
    date.setTime(6)
    expect(key[0]).toEqual(new Date(5))
    expect(key[1]).toEqual(bytes(1).buffer)
    expect(Object.is(key[2], 0)).toBe(true)
  })
})

describe('a temporary key', () => {
  it.each([0, 0.5, 1 - 2 ** -53])('is told from every key a server makes (random %d)', (random) => {
    const number = temporaryKey('number', { random: () => random, uuid: () => 'u' })
    expect([isTemporary(number), Number.isSafeInteger(number)]).toEqual([true, true])
    expect(isTemporary(temporaryKey('text', { random: () => random, uuid: () => 'u' }))).toBe(true)
  })

  it.each([[0], [-0], [1], [-1.5], ['a'], ['-1'], [new Date(-1)], [[-1]], [Number.NEGATIVE_INFINITY]])(
    'is not %s',
    (key) => {
      expect(isTemporary(key as Key)).toBe(false)
    },
  )
})

describe('the gate of a transaction', () => {
  const setUp = () => {
    const reads: {
      names: readonly { key: Key }[]
      answer(aliases: (Alias | undefined)[]): void
      fail(): void
    }[] = []
    const known = new AliasMap()
    const gate = new AliasGate(
      known,
      (names) =>
        new Promise((answer, reject) => {
          reads.push({ names, answer, fail: () => reject(new Error('over')) })
        }),
    )
    const done: string[] = []
    const pass = (name: string, ...named: Key[]) =>
      gate.pass(
        named.map((key) => ({ table: 't', key })),
        async () => {
          done.push(name)
        },
      )
    const alias = (temporary: Key, key: Key): Alias => ({ table: 't', temporary, key, at: 0 })
    return { gate, known, reads, done, pass, alias }
  }

  it('lets everything through at once where no temporary key is named', () => {
    const { pass, done, reads } = setUp()
    void pass('a')
    void pass('b')
    expect([done, reads]).toEqual([['a', 'b'], []])
  })

  it('makes what comes later wait, in order, and asks for each key once', async () => {
    const { gate, pass, done, reads, alias } = setUp()
    const all = [pass('a', -1), pass('b'), pass('c', -1, -2), pass('d')]
    expect(done).toEqual([])
    reads[0]?.answer([alias(-1, 57)])
    await all[1]
    expect([done, reads[1]?.names.map(({ key }) => key)]).toEqual([['a', 'b'], [-2]])
    reads[1]?.answer([undefined])
    await Promise.all(all)
    expect(done).toEqual(['a', 'b', 'c', 'd'])
    expect([gate.resolve('t', -1), gate.resolve('t', -2), gate.resolve('u', -1)]).toEqual([57, -2, -1])
    void pass('e', -1, -2)
    expect(done.at(-1)).toBe('e')
  })

  it('does not ask for what this tab knows, nor for keys drawn just now', () => {
    const { gate, known, pass, done } = setUp()
    known.set('t', -1, 57)
    gate.isNew({ table: 't', key: -2 })
    void pass('a', -1, -2)
    expect([done, gate.resolve('t', -1)]).toEqual([['a'], 57])
  })

  it('lets the call fail by itself where the transaction is over', async () => {
    const { pass, done, reads } = setUp()
    const passing = pass('a', -1)
    reads[0]?.fail()
    await passing
    expect(done).toEqual(['a'])
  })
})
