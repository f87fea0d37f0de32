import type { RequestHandler } from 'express'
import { describe, expect, it } from 'vitest'
import { expectFinalState } from './support/final-state'
import { soon } from './support/soon'
import { stage } from './support/stage'

const at = stage()
const page = '<!doctype html><title>Welcome to our network</title><form></form>'

const portals: { name: string; portal: RequestHandler }[] = [
  { name: 'answers with its page', portal: (_, response) => void response.type('html').send(page) },
  {
    name: 'lets the request through and takes the answer',
    portal(_, response, next) {
      const send = response.send.bind(response)
      response.send = () => {
        response.send = send
        return response.status(200).type('html').send(page)
      }
      next()
    },
  },
]

describe('a network with a portal before it', () => {
  it.each(portals)(
    'that $name takes no change for accepted and none for refused',
    async ({ name, portal }) => {
      const { server, tabs } = at
      const tab = await tabs.open()
      for (const row of ['kept', 'changed', 'deleted']) await tabs.add(tab, `${row}: ${name}`)
      await tab.evaluate(() => window.lab.settled())
      const seen: string[] = []
      server.inTheWay = (request, response, next) => {
        seen.push(request.method)
        portal(request, response, next)
      }
      const pulled = await tab.evaluate(() => window.lab.sync.sync())
      expect(pulled.reason).toBeDefined()
      expect(seen).toContain('GET')
      await tabs.add(tab, `made: ${name}`)
      await tabs.change(tab, `changed: ${name}`, 'behind the portal')
      await tabs.remove(tab, `deleted: ${name}`)
      await soon(() => seen.filter((method) => method === 'POST').length).toBeGreaterThan(6)
      await soon(() => tab.evaluate(() => window.lab.sync.getStatus())).toMatchObject({
        pending: 3,
        deadLetters: 0,
        conflicts: 0,
      })
      const here = await tab.evaluate(async () =>
        (await window.lab.db.cards.toArray()).map(({ title }) => title),
      )
      expect(here).toEqual(expect.arrayContaining([`kept: ${name}`, `changed: ${name}`, `made: ${name}`]))
      server.inTheWay = undefined
      await expectFinalState(server, [tabs])
    },
  )
})
