import { describe, expect, it } from 'vitest'
import type { SyncEvent } from '../../src/model/event'
import { createEmitter } from '../../src/status/emitter'

const change = (epoch: number): SyncEvent => ({ name: 'leader-change', data: { epoch } })

function world() {
  const reports: unknown[] = []
  const log: string[] = []
  return { reports, log, emitter: createEmitter((error) => reports.push(error)) }
}

describe('the emitter', () => {
  it('tells the listeners of an event, in order, until they leave', () => {
    const { emitter, log } = world()
    const stop = emitter.on('leader-change', ({ epoch }) => log.push(`first ${epoch}`))
    emitter.on('leader-change', ({ epoch }) => log.push(`second ${epoch}`))
    emitter.on('online', () => log.push('online'))
    emitter.emit(change(1))
    stop()
    stop()
    emitter.emit(change(2))
    expect(log).toEqual(['first 1', 'second 1', 'second 2'])
  })

  it('tells once() only once, even if that listener emits again', () => {
    const { emitter, log } = world()
    emitter.once('leader-change', ({ epoch }) => {
      log.push(`once ${epoch}`)
      emitter.emit(change(epoch + 1))
    })
    emitter.once('leader-change', () => log.push('left before'))()
    emitter.emit(change(1))
    expect(log).toEqual(['once 1'])
  })

  it('lets the same function listen twice and leave once', () => {
    const { emitter, log } = world()
    const listener = () => log.push('heard')
    const stop = emitter.on('offline', listener)
    emitter.on('offline', listener)
    stop()
    emitter.emit({ name: 'offline', data: {} })
    expect(log).toEqual(['heard'])
  })

  it('reports a listener that throws or rejects, and tells the others', async () => {
    const { emitter, log, reports } = world()
    const [thrown, rejected] = [new Error('thrown'), new Error('rejected')]
    emitter.on('online', () => {
      throw thrown
    })
    emitter.on('online', async () => {
      throw rejected
    })
    emitter.on('online', () => log.push('heard'))
    emitter.emit({ name: 'online', data: {} })
    await Promise.resolve()
    expect(log).toEqual(['heard'])
    expect(reports).toEqual([thrown, rejected])
  })

  it('is safe against listeners that come and go while it tells', () => {
    const { emitter, log } = world()
    let stopLater = () => {}
    emitter.on('online', () => {
      stopLater()
      emitter.on('online', () => log.push('came meanwhile'))
      log.push('heard')
    })
    stopLater = emitter.on('online', () => log.push('left meanwhile'))
    emitter.emit({ name: 'online', data: {} })
    expect(log).toEqual(['heard'])
  })
})
