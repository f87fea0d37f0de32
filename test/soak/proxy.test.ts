import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prng } from '../simulation/prng'
import type { Exchange } from './exchange'
import { drawFault, type Fault, faults } from './faults'
import { type FaultProxy, startProxy } from './proxy'

const seen: Exchange[] = []
const answer = JSON.stringify({ id: 7, title: 'a row with a long title' })
const backend = createServer((_, response) => response.writeHead(201, { Date: 'today' }).end(answer))
let proxy: FaultProxy
let next: Fault | undefined

beforeAll(async () => {
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve))
  const { port } = backend.address() as AddressInfo
  proxy = await startProxy({
    upstream: `http://127.0.0.1:${port}`,
    script: '',
    chance: prng(1, 'test'),
    draw: () => next,
    seen: (exchange) => seen.push(exchange),
  })
  proxy.setStormy(true)
})

afterAll(async () => {
  await proxy.close()
  backend.close()
})

async function send(fault: Fault | undefined) {
  next = fault
  seen.length = 0
  const response = await fetch(`${proxy.url}/api/cards?limit=1`, { method: 'POST', body: '{"title":"a"}' })
  return { status: response.status, text: await response.text(), headers: response.headers }
}

const arrived = [
  {
    method: 'POST',
    path: '/api/cards',
    status: 201,
    replayed: false,
    sent: { title: 'a' },
    answer: JSON.parse(answer),
  },
]

describe('a request', () => {
  it.each([undefined, 'delay'] as const)('passes (%s)', async (fault) => {
    expect(await send(fault)).toMatchObject({ status: 201, text: answer })
    expect(seen).toEqual(arrived)
  })

  it.each(['drop after', 'cut'] as const)('arrives and its answer does not (%s)', async (fault) => {
    await expect(send(fault)).rejects.toThrow()
    expect(seen).toEqual(arrived)
  })

  it.each(['drop before', 'offline'] as const)('does not arrive (%s)', async (fault) => {
    await expect(send(fault)).rejects.toThrow()
    expect(seen).toEqual([])
    proxy.setStormy(true) // ends being offline
  })

  it('meets a busy server', async () => {
    const { status, headers } = await send('busy')
    expect([status, headers.get('Retry-After'), seen]).toEqual([503, '1', []])
  })

  it('meets a web page', async () => {
    const { status, headers } = await send('portal')
    expect([status, headers.get('Content-Type'), seen]).toEqual([200, 'text/html', []])
  })
})

describe('the faults', () => {
  it('are drawn each, and mostly none', () => {
    const chance = prng(1, 'faults')
    const drawn = Array.from({ length: 5_000 }, () => drawFault(chance))
    expect(new Set(drawn)).toEqual(new Set([undefined, ...faults]))
    expect(drawn.filter((one) => one === undefined).length).toBeGreaterThan(4_000)
  })
})
