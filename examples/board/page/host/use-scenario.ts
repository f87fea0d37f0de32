import { useState } from 'react'
import type { Card } from '../device/board'
import type { Deed } from '../device/deeds'
import type { RemoteDevice } from './remote-device'
import type { Scenario } from './scenarios'

export interface Devices {
  readonly a: RemoteDevice
  readonly b: RemoteDevice
}

/** How long a sentence stands before the next thing happens, ms. */
const reading = 1300

export function useScenario(devices: () => Devices) {
  const [running, setRunning] = useState<Scenario>()
  const [caption, setCaption] = useState<string>()

  async function run(scenario: Scenario): Promise<void> {
    setRunning(scenario)
    try {
      await play(scenario, devices(), setCaption)
    } catch (error) {
      setCaption(`It stopped there: ${(error as Error).message}`)
    } finally {
      setRunning(undefined)
    }
  }
  return { running, caption, run }
}

/** Both lose the network, each does its part, both come back: first A, whose change the server has when B returns. */
async function play({ parts, end }: Scenario, devices: Devices, say: (text: string) => void): Promise<void> {
  const { a, b } = devices
  const both = (deed: Deed) => Promise.all([a(deed), b(deed)])
  const card = await chooseCard(a, b)
  try {
    await both({ kind: 'spotlight', id: card.id })
    await both({ kind: 'network', on: false })
    say('Both devices lose their network.')
    await pause(reading)
    for (const { device, deed, says } of parts(card)) {
      await devices[device](deed)
      say(`Device ${device.toUpperCase()} ${says}.`)
      await pause(reading)
    }
    for (const name of ['a', 'b'] as const) {
      say(`Device ${name.toUpperCase()} is back, and sends what it has.`)
      await devices[name]({ kind: 'network', on: true })
      await devices[name]({ kind: 'sync' })
      await pause(reading)
    }
    await a({ kind: 'sync' })
    say(end)
  } finally {
    await both({ kind: 'spotlight', id: undefined })
    await both({ kind: 'network', on: true })
  }
}

/** A card that is settled on both devices, from the middle of the board where there is one. */
async function chooseCard(a: RemoteDevice, b: RemoteDevice): Promise<Card> {
  const [ofA, ofB] = (await Promise.all([a, b].map((device) => device({ kind: 'settled-cards' })))) as [
    Card[],
    Card[],
  ]
  const shared = ofA.filter(({ id }) => ofB.some((card) => card.id === id))
  const card = shared.find(({ column }) => column === 'doing') ?? shared[0]
  if (!card) throw new Error('no card is settled on both devices. Bring both online, or reset the board.')
  return card
}

function pause(ms: number): Promise<void> {
  return new Promise((over) => setTimeout(over, ms))
}
