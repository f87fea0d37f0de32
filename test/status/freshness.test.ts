import { describe, expect, it } from 'vitest'
import { latest, nextStaleIn, shortestTtl, staleAmong, ttlOf } from '../../src/status/freshness'

const never = Number.POSITIVE_INFINITY
const lifetimes = { ttl: 100, tables: { news: 10, archive: never } }
const names = ['posts', 'news', 'archive']

describe('which tables are stale', () => {
  const cases: [story: string, pulledAt: Record<string, number>, stale: object[]][] = [
    ['all pulled just now', { posts: 1000, news: 1000, archive: 1000 }, []],
    ['one by its own lifetime', { posts: 990, news: 990 }, [{ table: 'news', age: 10 }]],
    ['not a moment before', { posts: 901, news: 991 }, []],
    [
      'both',
      { posts: 900, news: 1 },
      [
        { table: 'posts', age: 100 },
        { table: 'news', age: 999 },
      ],
    ],
    ['never pulled, without an age', { news: 1000 }, [{ table: 'posts' }]],
    ['pulled by a clock that was set back since', { posts: 5000, news: 1000 }, [{ table: 'posts' }]],
  ]
  it.each(cases)('%s', (_, pulledAt, stale) => {
    expect(staleAmong(names, lifetimes, pulledAt, 1000)).toEqual(stale)
  })

  it('none without a lifetime', () => {
    expect(staleAmong(names, { ttl: never, tables: {} }, {}, 1000)).toEqual([])
  })

  it('tables of any name have the lifetime of all', () => {
    expect(ttlOf('toString', lifetimes)).toBe(100)
    expect(shortestTtl(lifetimes)).toBe(10)
    expect(shortestTtl({ ttl: never, tables: {} })).toBe(never)
  })
})

describe('when the next becomes stale', () => {
  const cases: [story: string, pulledAt: Record<string, number>, ms: number | undefined][] = [
    ['the shorter lifetime first', { posts: 1000, news: 1000 }, 10],
    ['the older table first', { posts: 905, news: 1000 }, 5],
    ['those that are stale no more', { posts: 905, news: 1 }, 5],
    ['never, where all are', { posts: 1, news: 1 }, undefined],
    ['never, where none was pulled', { archive: 1000 }, undefined],
  ]
  it.each(cases)('%s', (_, pulledAt, ms) => {
    expect(nextStaleIn(names, lifetimes, pulledAt, 1000)).toBe(ms)
  })
})

describe('of two memories', () => {
  const cases: [story: string, a: Record<string, number>, b: Record<string, number>, both: object][] = [
    ['the later time counts', { posts: 5, news: 9 }, { posts: 7, news: 2 }, { posts: 7, news: 9 }],
    ['what one does not know is kept', { posts: 5 }, { news: 2 }, { posts: 5, news: 2 }],
    ['a time ahead of the clock is not taken', { posts: 5 }, { posts: 99 }, { posts: 5 }],
    ['a time ahead of the clock gives way', { posts: 99 }, { posts: 5 }, { posts: 5 }],
  ]
  it.each(cases)('%s', (_, a, b, both) => {
    expect(latest(a, b, 10)).toEqual(both)
  })
})
