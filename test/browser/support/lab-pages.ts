import { Router } from 'express'
import { bundlePage } from './bundle-page'

/** The lab page, its script, and a page of the same origin that has nothing to do with it. */
export async function labPages(): Promise<Router> {
  const script = await bundlePage('lab.html')
  const pages = Router()
  pages.get('/lab.html', (_, response) => {
    response
      .type('html')
      .send('<!doctype html><title>Lab</title><script type="module" src="/lab.js"></script>')
  })
  pages.get('/lab.js', (_, response) => void response.type('js').send(script))
  pages.get(
    '/elsewhere.html',
    (_, response) => void response.type('html').send('<!doctype html><title>Elsewhere</title>'),
  )
  return pages
}
