import { describe, expect, it } from 'vitest'
import type { Row } from '../../src/model/change'
import type { Checkpoint } from '../../src/model/checkpoint'
import { isFresh } from '../../src/pull/arrivals'

interface World {
  readonly waits?: boolean
  readonly receipt?: boolean
  readonly existing?: boolean
  readonly orderField?: string
}

const row = (v: unknown): Row => ({ id: 'k', v })
const checkpoint = (more: Partial<Checkpoint> = {}): Checkpoint => ({
  scope: 'notes',
  value: 1,
  generation: 0,
  movedAt: 0,
  ordered: { notes: 5 },
  complete: true,
  ...more,
})

function fresh(one: Row | null, from: Checkpoint | undefined, world: World = {}): boolean {
  const { waits = false, receipt = false, existing = false, orderField = 'v' } = world
  const term = {
    outbox: { of: () => (waits ? {} : undefined), hasState: () => receipt },
    existing: { has: () => existing },
    tables: new Map([['notes', orderField === '' ? {} : { orderField }]]),
  }
  return isFresh(
    term as unknown as Parameters<typeof isFresh>[0],
    { table: 'notes', key: 'k', row: one },
    from,
  )
}

describe('a row of a page may be written unread', () => {
  const table: [string, Row | null, Checkpoint | undefined, World, boolean][] = [
    ['on the first page of all', row(1), undefined, {}, true],
    ['beyond what was applied', row(6), checkpoint(), {}, true],
    ['not at what was applied: that is an echo', row(5), checkpoint(), {}, false],
    ['not below what was applied', row(4), checkpoint(), {}, false],
    ['not where it has no order among rows that do', row(undefined), checkpoint(), {}, false],
    ['not a deletion behind the first page', null, checkpoint(), {}, false],
    [
      'without an order while the first pull runs',
      row(1),
      checkpoint({ complete: false }),
      { orderField: '' },
      true,
    ],
    ['not without an order once all was fetched', row(1), checkpoint(), { orderField: '' }, false],
    ['not where something of it waits', row(6), checkpoint(), { waits: true }, false],
    ['not where something of it waits, on the first page either', row(1), undefined, { waits: true }, false],
    ['not where a receipt tells of it', row(6), checkpoint(), { receipt: true }, false],
    ['not where it was here before sync', row(6), undefined, { existing: true }, false],
  ]

  it.each(table)('%s', (_, one, from, world, unread) => {
    expect(fresh(one, from, world)).toBe(unread)
  })
})
