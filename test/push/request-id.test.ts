import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestId } from '../../src/push/request-id'

const item = (kind: 'create' | 'update' | 'delete', ...ops: string[]) => ({ kind, ops })

describe('the Idempotency-Key', () => {
  it.each([
    ['of a create is its own op id, whatever was folded into it', item('create', 'a', 'b', 'c'), 'a'],
    ['of an update is the last op id folded into it', item('update', 'a', 'b'), 'b'],
    ['of a delete is the last op id folded into it', item('delete', 'a', 'b'), 'b'],
  ])('%s', (_, one, id) => {
    expect(requestId([one])).toBe(id)
  })

  it('of a batch is its own, the same each time', () => {
    const items = [item('create', 'a'), item('update', 'b')]
    expect(requestId(items)).toBe(requestId(structuredClone(items)))
    expect(['a', 'b']).not.toContain(requestId(items))
  })

  it('of a batch is another for any other changes in it', () => {
    const ops = fc.uniqueArray(fc.uuid(), { minLength: 2, maxLength: 6 })
    fc.assert(
      fc.property(ops, fc.nat(5), (all, gone) => {
        const items = all.map((op) => item('update', op))
        const left = items.filter((_, i) => i !== gone % items.length)
        const more = [item('update', all[0]!, 'later'), ...items.slice(1)]
        expect(new Set([requestId(items), requestId(left), requestId(more)]).size).toBe(3)
      }),
    )
  })
})
