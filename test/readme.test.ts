import { existsSync, readFileSync } from 'node:fs'
import Dexie, { type Table } from 'dexie'
import { describe, expect, it, onTestFinished } from 'vitest'
import { defineRoutes, resource, type SyncEngine, startSync } from '../src/index'
import { createBackend } from './support/backend'
import { quiet } from './support/journey'
import { asOneModule, asScript, readmeBlocks, typeErrors } from './support/readme'
import { runScript } from './support/run-script'

const text = readFileSync('README.md', 'utf8')

describe('the README', () => {
  it('has examples that compile', () => {
    expect(readmeBlocks().length).toBeGreaterThan(3)
    expect(typeErrors(asOneModule(readmeBlocks()))).toEqual([])
  }, 60_000)

  it('has a first example that does what it says', async () => {
    const backend = createBackend()
    const server = await backend.listen()
    onTestFinished(() => server.close())
    const { db, sync } = await runScript<{ db: Dexie & { posts: Table }; sync: SyncEngine }>(
      asScript(readmeBlocks()[0] ?? '').replace('https://api.example.com', server.url),
      { Dexie, defineRoutes, resource, startSync },
      ['db', 'sync'],
    )
    onTestFinished(async () => {
      await sync.stop()
      await db.delete()
    })
    await quiet(sync)
    expect(backend.rows('posts')).toMatchObject([{ id: 1, title: 'Hello' }])
    expect(await db.posts.toArray()).toEqual(backend.rows('posts'))
  })

  it('names only scripts and files that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>
    }
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1] ?? '')
    expect(named.filter((name) => !scripts[name])).toEqual([])
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] ?? '')
    expect(links.filter((path) => !existsSync(path))).toEqual([])
  })
})
