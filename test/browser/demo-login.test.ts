import type { FrameLocator } from 'playwright'
import { describe, expect, it } from 'vitest'
import { add, card, demoStage, flipNetwork, status } from './support/demo-stage'

const stage = demoStage()

async function signOut(device: FrameLocator, user: string): Promise<void> {
  await device.getByRole('button', { name: `Account of ${user}` }).click()
  await device.getByRole('button', { name: 'Sign out' }).click()
}

async function logIn(device: FrameLocator, user: string): Promise<void> {
  await device.getByRole('button', { name: `Log in as ${user}` }).click()
}

/** How many cards the database of device A holds, whatever the page shows. */
function cardsInDatabase(): Promise<number> {
  const frame = stage.page.frames().find((one) => one.url().includes('name=a'))!
  return frame.evaluate(
    () =>
      new Promise<number>((done, failed) => {
        const opening = indexedDB.open('board-a')
        opening.onerror = () => failed(opening.error)
        opening.onsuccess = () => {
          const counting = opening.result.transaction('cards').objectStore('cards').count()
          counting.onsuccess = () => {
            opening.result.close()
            done(counting.result)
          }
        }
      }),
  )
}

describe('logging in and out on a device of the demo', () => {
  it('says with each request who asks', async () => {
    const { a, page } = stage
    await add(a, 'To do', 'Signed by Ada')
    await page.locator('.request', { hasText: 'POST' }).getByText('ada').waitFor()
  })

  it('takes every row off the device, and brings them back for whoever logs in', async () => {
    const { a } = stage
    await signOut(a, 'Ada Moreau')
    await a.getByRole('heading', { name: 'Nobody is logged in' }).waitFor()
    await status(a, 'Logged out').waitFor()
    expect(await cardsInDatabase()).toBe(0)
    await logIn(a, 'Jonas Weber')
    await card(a, 'Talk to five customers').waitFor()
    await status(a, 'Synced').waitFor()
    await add(a, 'To do', 'By Jonas on device A')
    await card(stage.b, 'By Jonas on device A').waitFor()
  })

  it('asks before changes are lost, and stays where that is wished', async () => {
    const { a } = stage
    await flipNetwork(a)
    await add(a, 'To do', 'Not sent yet')
    await signOut(a, 'Ada Moreau')
    const dialog = a.getByRole('dialog', { name: '1 change is not at the server' })
    await dialog.getByRole('button', { name: 'Stay signed in' }).click()
    await dialog.waitFor({ state: 'detached' })
    await card(a, 'Not sent yet').getByText('waiting').waitFor()
  })

  it('keeps them sealed while somebody else is logged in, and sends them when their maker is back', async () => {
    const { a, b } = stage
    await flipNetwork(a)
    await add(a, 'To do', 'Sealed for Ada')
    await signOut(a, 'Ada Moreau')
    await a.getByRole('button', { name: 'Keep them' }).click()
    await logIn(a, 'Jonas Weber')
    await flipNetwork(a)
    await card(a, 'Talk to five customers').waitFor()
    expect(await card(a, 'Sealed for Ada').count()).toBe(0)
    await signOut(a, 'Jonas Weber')
    await logIn(a, 'Ada Moreau')
    await card(a, 'Sealed for Ada').waitFor()
    await card(b, 'Sealed for Ada').waitFor()
  })

  it('throws them away on wish', async () => {
    const { a, b } = stage
    await flipNetwork(a)
    await add(a, 'To do', 'Never mind')
    await signOut(a, 'Ada Moreau')
    await a.getByRole('button', { name: 'Throw them away' }).click()
    await flipNetwork(a)
    await logIn(a, 'Ada Moreau')
    await status(a, 'Synced').waitFor()
    for (const device of [a, b]) expect(await card(device, 'Never mind').count()).toBe(0)
  })

  it('sends them first on wish', async () => {
    const { a, b, page } = stage
    await page.getByRole('switch', { name: 'Slow answers' }).click()
    await add(a, 'To do', 'Send me first')
    await signOut(a, 'Ada Moreau')
    await a.getByRole('button', { name: 'Send them first' }).click()
    await a.getByRole('heading', { name: 'Nobody is logged in' }).waitFor()
    expect(await cardsInDatabase()).toBe(0)
    await card(b, 'Send me first').waitFor()
  })

  it('says so where they cannot be sent', async () => {
    const { a } = stage
    await flipNetwork(a)
    await add(a, 'To do', 'Cannot leave')
    await signOut(a, 'Ada Moreau')
    await a.getByRole('button', { name: 'Send them first' }).click()
    await a.getByRole('alert').getByText('not at the server').waitFor()
    await a.getByRole('button', { name: 'Close' }).click()
    await card(a, 'Cannot leave').getByText('waiting').waitFor()
  })
})
