import { describe, expect, it } from 'vitest'
import { emptyHistory } from './history'
import { openLogins } from './logins'
import { Network, type NetworkFault, networkFaults } from './network'
import { prng } from './prng'
import { Scheduler } from './scheduler'
import { Server } from './server'
import { tableShapes } from './swarm'

function networkWith(fault?: NetworkFault) {
  const history = emptyHistory()
  const scheduler = new Scheduler(prng(1, 'schedule'), 0)
  const server = new Server(
    { tables: tableShapes(() => 'ms'), idempotent: true, envelope: 'array', inclusive: false },
    () => scheduler.now(),
    () => ({ step: scheduler.steps, at: scheduler.now() }),
    history.effects,
    openLogins('d0', 'd1'),
  )
  const weather = { rates: fault ? { [fault]: 1 } : {}, latency: 50 }
  const network = new Network({
    scheduler,
    server,
    history,
    faults: prng(1, 'faults'),
    weather,
    ghosts: true,
  })

  /** Sends a create from a tab, gives up after `patience` ms, and answers what came of it. */
  async function create(tab = 'd0/t0', patience = 30_000): Promise<string> {
    const giveUp = new AbortController()
    const request = new Request('https://api.example.com/api/posts', {
      method: 'POST',
      body: JSON.stringify({ birth: 'w1', title: 'w1' }),
      signal: giveUp.signal,
    })
    let outcome: string | undefined
    scheduler.post('app', () => {
      scheduler.after(patience, 'patience', () => giveUp.abort(), tab)
      network.send(tab, request).then(
        async (response) => {
          outcome = `${response.status} ${(await response.text()).slice(0, 9)}`
        },
        (error: Error) => {
          outcome = error.name
        },
      )
    })
    await scheduler.run(() => outcome !== undefined, { steps: 100, until: 1e6 })
    return outcome ?? 'nothing'
  }
  return { network, history, scheduler, create }
}

describe('the simulated network', () => {
  it('carries a request and its answer, each with some delay', async () => {
    const { create, history, scheduler } = networkWith()
    expect(await create()).toBe('201 {"birth":')
    expect(history.effects).toHaveLength(1)
    expect(history.requests[0]).toMatchObject({
      method: 'POST',
      path: '/api/posts',
      birth: 'w1',
      ended: '201',
    })
    expect(scheduler.now()).toBeGreaterThanOrEqual(2)
  })

  const expected: Record<NetworkFault, [outcome: string, effects: number]> = {
    'drop-request': ['TypeError', 0],
    'drop-response': ['TypeError', 1],
    'hang-request': ['AbortError', 0],
    'hang-response': ['AbortError', 1],
    busy: ['503 {"message', 0],
    broken: ['500 {"message', 0],
    portal: ['200 <!doctype', 0],
    truncate: ['201 {"birth":', 1],
  }

  it.each(networkFaults)('strikes with %s', async (fault) => {
    const { create, history, network } = networkWith(fault)
    const [outcome, effects] = expected[fault]
    expect(await create()).toBe(outcome)
    expect(history.effects).toHaveLength(effects)
    expect(network.struck.get(fault)).toBe(1)
    expect(network.inFlight()).toBe(0)
    network.heal()
    expect(await create()).toBe('201 {"birth":')
  })

  it('carries nothing to or from a device that is offline', async () => {
    const { create, history, network } = networkWith()
    network.setOnline('d0', false)
    expect(await create()).toBe('TypeError')
    expect(await create('d1/t0')).toBe('201 {"birth":')
    expect(history.effects).toHaveLength(1)
  })

  it('lets a request arrive whose sender is gone, and tells nobody', async () => {
    const { create, history, network, scheduler } = networkWith()
    const outcome = create()
    scheduler.after(0, 'kill', () => network.forget('d0/t0'))
    expect(await outcome).toBe('nothing')
    expect(history.requests[0]!.ended).toBe('gone')
    expect(history.effects).toHaveLength(1)
  })
})
