import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Row, StampedChange } from '../../src/model/change'
import type { ConflictOptions } from '../../src/model/conflict-rules'
import { bringTogether } from '../../src/outbox/bring-together'
import { changesTo, rulesOf, base as start } from './edits'

const noon = Date.UTC(2030, 0, 1, 12)

/** What a device does: sets a field, adds to one, deletes the row, or meets the server. */
interface Step {
  readonly device: number
  readonly does: 'set' | 'add' | 'delete' | 'sync'
  readonly field: 'a' | 'b'
  readonly value: number
}

const steps = (...does: Step['does'][]): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      device: fc.nat(1),
      does: fc.constantFrom(...does),
      field: fc.constantFrom('a', 'b'),
      value: fc.nat(4),
    }),
    { maxLength: 14 },
  )

/** Two devices and a server that share one row, told by the rules alone; a person who is asked takes the server's. */
function live(options: ConflictOptions, lives: readonly Step[]) {
  const rules = rulesOf({ ...options, clock: 'at' }, ['at'])
  let time = noon
  let server: Row | null = { ...start, at: noon }
  const devices = [0, 1].map(() => ({ base: server as Row | null, local: server as Row | null, at: 0 }))
  const write = (row: Row | null): Row | null => row && { ...row, at: time }
  const sync = (device: (typeof devices)[number]) => {
    const { base, local } = device
    const waiting: StampedChange[] = changesTo(base, local).map((change) => ({
      ...change,
      stamp: { time: device.at, count: 0, node: 'a' },
    }))
    const made = bringTogether({ base, local, remote: server }, waiting, rules, {})
    const isParked = made.conflict?.decision === 'parked'
    if (!isParked && made.waiting !== 'drop') server = write(made.row)
    device.base = server
    device.local = server
  }
  const changed = (row: Row | null, { does, field, value }: Step): Row | null => {
    if (does === 'delete') return null
    return { id: 'k', ...row, [field]: does === 'set' ? value : Number(row?.[field]) + value }
  }
  for (const one of lives) {
    time += 1
    const device = devices[one.device]!
    if (one.does === 'sync') sync(device)
    else {
      device.local = changed(device.local, one)
      device.at = time
    }
  }
  for (const device of [...devices, ...devices]) {
    time += 1
    sync(device)
  }
  return { server: server as Row | null, locals: devices.map(({ local }) => local) }
}

describe('two devices that meet the server in turn hold the same in the end', () => {
  const all: ConflictOptions[] = [
    { policy: 'server-wins' },
    { policy: 'client-wins' },
    { policy: 'lww' },
    { policy: 'merge' },
    { policy: 'park' },
    { policy: 'server-wins', granularity: 'row' },
    { policy: 'client-wins', granularity: 'row' },
    { policy: 'lww', granularity: 'row' },
    { fields: { a: 'counter', b: 'set-union' } },
    { fields: { a: 'client', b: 'server' } },
    { fields: { a: 'lww' }, onDelete: 'delete-wins' },
  ]

  it.each(all)('%j', (options) => {
    fc.assert(
      fc.property(steps('set', 'add', 'delete', 'sync', 'sync'), (lives) => {
        const { server, locals } = live(options, lives)
        expect(locals).toEqual([server, server])
      }),
      { numRuns: 300 },
    )
  })

  it('a counter ends with what everybody added', () => {
    fc.assert(
      fc.property(steps('add', 'sync'), (lives) => {
        const added = lives.filter(({ does, field }) => does === 'add' && field === 'a')
        const sum = added.reduce((total, { value }) => total + value, 1)
        expect(live({ fields: { a: 'counter' } }, lives).server?.a).toBe(sum)
      }),
      { numRuns: 300 },
    )
  })
})
