import { describe, expect, it } from 'vitest'
import { type Case, caseOf } from './case'
import { shrink } from './shrink'

const whole = caseOf(7, (config) => ({ ...config, devices: 3, operations: 100 }))
const needed = [whole.operations[13]!, whole.operations[57]!, whole.operations[90]!]
const holds = ({ operations }: Case) => needed.every((one) => operations.includes(one))

describe('making a failing case small', () => {
  it('leaves the operations it takes, in their order', async () => {
    const small = await shrink(whole, async (each) => holds(each), 1_000)
    expect(small.operations).toEqual(needed)
  })

  it('leaves out devices and faults it can do without, and none it cannot', async () => {
    const small = await shrink(whole, async ({ config }) => config.tabs === whole.config.tabs, 1_000)
    expect(small.config).toMatchObject({ devices: 1, tabs: whole.config.tabs, weather: { rates: {} } })
    expect(small.operations).toHaveLength(1)
  })

  it('stops where its runs are spent, with a case that fails', async () => {
    let runs = 0
    const fails = async (each: Case) => {
      runs++
      return holds(each)
    }
    const small = await shrink(whole, fails, 5)
    expect(runs).toBe(5)
    expect(holds(small)).toBe(true)
  })
})
