import { Router } from 'express'
import { bundlePage } from './bundle-page'

/**
 * The lab page, its script, and a page of the same origin that has nothing to do with it; with `next` also the lab page
 * of the next release.
 */
export async function labPages({ next = false } = {}): Promise<Router> {
  const [lab, later] = await Promise.all([bundlePage('lab.html'), next ? bundlePage('lab.html', true) : ''])
  const pages = Router()
  for (const [name, script] of [
    ['lab', lab],
    ['next', later],
  ]) {
    const page = `<!doctype html><title>Lab</title><script type="module" src="/${name}.js"></script>`
    pages.get(`/${name}.html`, (_, response) => void response.type('html').send(page))
    pages.get(`/${name}.js`, (_, response) => void response.type('js').send(script))
  }
  pages.get(
    '/elsewhere.html',
    (_, response) => void response.type('html').send('<!doctype html><title>Elsewhere</title>'),
  )
  return pages
}
