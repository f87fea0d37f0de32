import { describe, expect, it } from 'vitest'
import { emptyHistory } from './history'
import { openLogins } from './logins'
import { Network } from './network'
import { type NetworkFault, networkFaults } from './network-faults'
import { prng } from './prng'
import { Scheduler } from './scheduler'
import { Server } from './server'
import { fairServer } from './server-weather'
import type { Spell } from './spells'
import { Struck } from './struck'
import { tableShapes } from './swarm'

function networkWith(fault?: NetworkFault, spells: Spell[] = []) {
  const history = emptyHistory()
  const scheduler = new Scheduler(prng(1, 'schedule'), 0)
  const struck = new Struck()
  const server = new Server({
    shape: { tables: tableShapes(() => 'ms'), idempotent: true, envelope: 'array', inclusive: false },
    weather: fairServer,
    draw: prng(1, 'server-faults'),
    struck,
    moment: () => ({ step: scheduler.steps, at: scheduler.now() }),
    ledger: history.effects,
    logins: openLogins('d0', 'd1'),
  })
  const weather = { rates: fault ? { [fault]: 1 } : {}, latency: 50, spells }
  const network = new Network({
    scheduler,
    server,
    history,
    faults: prng(1, 'faults'),
    weather,
    struck,
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
  return { network, history, scheduler, create, struck }
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

  const expected: Record<NetworkFault, [outcome: RegExp, effects: number]> = {
    'drop-request': [/^TypeError$/, 0],
    'drop-response': [/^TypeError$/, 1],
    'hang-request': [/^AbortError$/, 0],
    'hang-response': [/^AbortError$/, 1],
    'delay-request': [/^201 {"birth/, 1],
    'delay-response': [/^201 {"birth/, 1],
    duplicate: [/^201 {"birth/, 1],
    busy: [/^4(08|21|25|29) {|^503 {/, 0],
    gateway: [/^50[234] <!doctype/, 1],
    broken: [/^500 {/, 0],
    'broken-after': [/^500 {/, 1],
    running: [/^409 {/, 0],
    portal: [/<!doctype/, 0],
    redirect: [/^30[12378] $/, 0],
    empty: [/^204 $/, 1],
    truncate: [/^201 /, 1],
  }

  it.each(networkFaults)('strikes with %s', async (fault) => {
    const { create, history, network, struck } = networkWith(fault)
    const [outcome, effects] = expected[fault]
    expect(await create('d0/t0', 90_000)).toMatch(outcome)
    expect(history.effects).toHaveLength(effects)
    expect(struck.get(fault)).toBe(1)
    expect(network.inFlight('d0/t0')).toBe(0)
    network.heal()
    expect(await create()).toBe('201 {"birth":')
  })

  it('delivers a write a second time, and a read never', async () => {
    const { create, history, scheduler } = networkWith('duplicate')
    await create()
    await scheduler.run(() => history.effects.length === 2, { steps: 100, until: 1e6 })
    expect(history.effects.map(({ key }) => key)).toEqual([1, 2])
  })

  it('keeps what is sent from a clogged device until the spell is over', async () => {
    const clog: Spell = { kind: 'clog', device: 0, from: 0, until: 9_000 }
    const { create, history, scheduler, struck } = networkWith(undefined, [clog])
    expect(await create('d1/t0')).toBe('201 {"birth":')
    expect(scheduler.now()).toBeLessThan(200)
    expect(await create()).toBe('201 {"birth":')
    expect(scheduler.now()).toBeGreaterThan(9_000)
    expect(history.effects).toHaveLength(2)
    expect(struck.get('clog-spell')).toBe(1)
  })

  it('shows a device behind a portal the page of the portal, and nothing else', async () => {
    const portal: Spell = { kind: 'portal', device: 0, from: 0, until: 9_000 }
    const { create, history, network, struck } = networkWith(undefined, [portal])
    expect(await create()).toMatch(/^\d+ <!doctype/)
    expect(await create('d1/t0')).toBe('201 {"birth":')
    network.heal()
    expect(await create()).toBe('201 {"birth":')
    expect(history.effects).toHaveLength(2)
    expect(struck.get('portal-spell')).toBe(1)
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
