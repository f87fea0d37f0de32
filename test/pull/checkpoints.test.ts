import { describe, expect, it } from 'vitest'
import type { Row } from '../../src/model/change'
import type { Checkpoint, Page } from '../../src/model/checkpoint'
import { advance, isEmptyPage } from '../../src/pull/checkpoints'

const scope = { name: 'all', tables: ['notes', 'posts'] }
const from: Checkpoint = {
  scope: 'all',
  value: { at: 5 },
  generation: 2,
  movedAt: 100,
  ordered: { notes: 5 },
  complete: true,
}
const page = (more: Partial<Page> = {}): Page => ({ changes: [], more: false, ...more })
const item = (table: string, row: Row | null) => ({ table, key: 'k', row })

const tables = new Map([
  ['notes', { orderField: 'v' }],
  ['posts', {}],
])
const behind = (start: Checkpoint | undefined, one: Page, items: ReturnType<typeof item>[] = []) =>
  advance(start, scope, one, items, { tables, env: { now: () => 900 } } as unknown as Parameters<
    typeof advance
  >[4])

describe('the checkpoint behind a page', () => {
  it('is what the protocol says, with the time it moved', () => {
    expect(behind(from, page({ checkpoint: { at: 7 } }))).toEqual({ ...from, value: { at: 7 }, movedAt: 900 })
  })

  it('stays where it was, and when it moved, while the protocol says the same or nothing', () => {
    expect(behind(from, page({ checkpoint: { at: 5 } }))).toEqual(from)
    expect(behind(from, page())).toEqual(from)
  })

  it('begins with the first page, and is complete with the last', () => {
    const first = behind(undefined, page({ checkpoint: 1, more: true }))
    expect(first).toEqual({
      scope: 'all',
      value: 1,
      generation: 0,
      movedAt: 900,
      ordered: {},
      complete: false,
    })
    expect(behind(first, page({ checkpoint: 2 })).complete).toBe(true)
    expect(behind(from, page({ more: true })).complete).toBe(true)
  })

  it('knows the highest order of each table, whatever order its rows come in', () => {
    const items = [8, 6, 9, 7].map((v) => item('notes', { v }))
    expect(behind(from, page(), items).ordered).toEqual({ notes: 9 })
    expect(behind(undefined, page(), items).ordered).toEqual({ notes: 9 })
    expect(behind(from, page(), [item('notes', { v: 3 })]).ordered).toEqual({ notes: 5 })
  })

  it('takes no order from rows without one, deletions, or tables without one', () => {
    const items = [item('notes', {}), item('notes', null), item('posts', { v: 9 })]
    expect(behind(from, page(), items).ordered).toEqual({ notes: 5 })
  })
})

describe('a page that changes nothing', () => {
  const rows = { table: 'notes', rows: [{ id: 'k' }], deleted: [] }
  const table: [string, Page, Checkpoint | undefined, boolean][] = [
    [
      'brings no row and moves nothing',
      page({ changes: [{ table: 'notes', rows: [], deleted: [] }] }),
      from,
      true,
    ],
    ['says the same checkpoint', page({ checkpoint: { at: 5 } }), from, true],
    ['is not one with a row', page({ changes: [rows] }), from, false],
    [
      'is not one with a deletion',
      page({ changes: [{ table: 'notes', rows: [], deleted: ['k'] }] }),
      from,
      false,
    ],
    ['is not one that moves the checkpoint', page({ checkpoint: { at: 6 } }), from, false],
    ['is not the one that completes the first pull', page(), undefined, false],
    ['is not the one that completes a pull in pages', page(), { ...from, complete: false }, false],
    ['is one in the middle of a first pull', page({ more: true }), { ...from, complete: false }, true],
    [
      'is not one with a row set aside',
      page({ quarantined: [{ table: 'notes', row: 1, code: 'row-not-object' }] }),
      from,
      false,
    ],
  ]

  it.each(table)('%s', (_, one, start, empty) => {
    expect(isEmptyPage(one, start)).toBe(empty)
  })
})
