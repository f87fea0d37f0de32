import { describe, expect, it } from 'vitest'
import { createLocks, type Lock } from '../../src/environment-locks'
import { webLock } from '../../src/environment-web-lock'

/** A holder that says what happens to it and lets go when told. */
function holder(lock: Lock, log: string[], who: string, options = {}) {
  let letGo = () => {}
  const done = lock('drain', options, async (held, lost) => {
    log.push(`${who} ${held ? 'has it' : 'goes without'}`)
    lost.addEventListener('abort', () => log.push(`${who} lost it`))
    if (held) await new Promise<void>((resolve) => (letGo = resolve))
    log.push(`${who} is done`)
    return who
  })
  return { done, letGo: () => letGo() }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('locks within a page', () => {
  it('go round in the order they were asked for', async () => {
    const { lock, held } = createLocks()
    const log: string[] = []
    const a = holder(lock, log, 'a')
    const b = holder(lock, log, 'b')
    const c = holder(lock, log, 'c')
    a.letGo()
    const late = holder(lock, log, 'late')
    await a.done
    await turn()
    b.letGo()
    await b.done
    await turn()
    c.letGo()
    await c.done
    await turn()
    late.letGo()
    expect(await late.done).toBe('late')
    expect(log).toEqual(['a', 'b', 'c', 'late'].flatMap((who) => [`${who} has it`, `${who} is done`]))
    expect(held()).toBe(0)
  })

  it('are stolen from a holder that is told, and then go to those who waited', async () => {
    const { lock, held } = createLocks()
    const log: string[] = []
    const a = holder(lock, log, 'a')
    const b = holder(lock, log, 'b')
    const thief = holder(lock, log, 'thief', { steal: true })
    a.letGo()
    await a.done
    await turn()
    expect(log).toEqual(['a has it', 'a lost it', 'thief has it', 'a is done'])
    thief.letGo()
    await thief.done
    await turn()
    b.letGo()
    await b.done
    expect(log.slice(4)).toEqual(['thief is done', 'b has it', 'b is done'])
    expect(held()).toBe(0)
  })

  it('are not waited for with ifAvailable', async () => {
    const { lock } = createLocks()
    const log: string[] = []
    const a = holder(lock, log, 'a')
    await holder(lock, log, 'b', { ifAvailable: true }).done
    a.letGo()
    await a.done
    expect(log).toEqual(['a has it', 'b goes without', 'b is done', 'a is done'])
  })

  it('stop being waited for when the signal says so', async () => {
    const { lock, held } = createLocks()
    const log: string[] = []
    const stop = new AbortController()
    const a = holder(lock, log, 'a')
    const b = holder(lock, log, 'b', { signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(b.done).rejects.toThrow('enough')
    await expect(holder(lock, log, 'c', { signal: stop.signal }).done).rejects.toThrow('enough')
    a.letGo()
    await a.done
    expect(log).toEqual(['a has it', 'a is done'])
    expect(held()).toBe(0)
  })

  it('are free again when a task throws', async () => {
    const { lock, held } = createLocks()
    const failed = lock('drain', {}, () => Promise.reject(new Error('broken')))
    await expect(failed).rejects.toThrow('broken')
    expect(held()).toBe(0)
  })
})

/** Web Locks as far as they matter here: one name, and a thief makes the holder's request reject at once. */
function fakeWebLocks() {
  let holding: ((reason: unknown) => void) | undefined
  const asked: LockOptions[] = []
  const request = (_: string, options: LockOptions, task: (held: object | null) => Promise<unknown>) => {
    asked.push(options)
    if (holding && options.ifAvailable) return task(null)
    holding?.(new DOMException('stolen', 'AbortError'))
    return new Promise((resolve, reject) => {
      holding = reject
      task({}).then(resolve, reject)
    })
  }
  return { asked, locks: { request } as unknown as LockManager }
}

interface LockOptions {
  steal?: boolean
  ifAvailable?: boolean
  signal?: AbortSignal
}

describe('Web Locks', () => {
  it('tell a holder that it was robbed, and let it finish', async () => {
    const { locks } = fakeWebLocks()
    const lock: Lock = (name, options, task) => webLock(locks, name, options, task)
    const log: string[] = []
    const a = holder(lock, log, 'a')
    const thief = holder(lock, log, 'thief', { steal: true })
    await turn()
    a.letGo()
    expect(await a.done).toBe('a')
    thief.letGo()
    expect(await thief.done).toBe('thief')
    expect(log).toEqual(['a has it', 'thief has it', 'a lost it', 'a is done', 'thief is done'])
  })

  it('never ask for what browsers refuse: a thief with a signal', async () => {
    const { locks, asked } = fakeWebLocks()
    const { signal } = new AbortController()
    await webLock(locks, 'drain', { steal: true, signal, ifAvailable: true }, async () => {})
    await webLock(locks, 'drain', { signal }, async () => {})
    expect(asked.map((options) => Object.keys(options))).toEqual([['steal'], ['ifAvailable', 'signal']])
  })

  it('pass on the error of the task', async () => {
    const { locks } = fakeWebLocks()
    await expect(webLock(locks, 'drain', {}, () => Promise.reject(new Error('broken')))).rejects.toThrow(
      'broken',
    )
  })
})
