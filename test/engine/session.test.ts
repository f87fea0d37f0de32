import { expect, it } from 'vitest'
import { Session } from '../../src/engine/session'
import { SyncError } from '../../src/model/error'
import type { Connection, ConnectionMoment } from '../../src/storage/connection'
import { fakeDevice } from '../support/fake-environment'

it('begins anew where the database is open again before the stay that lost it is over', async () => {
  let tell: (moment: ConnectionMoment) => void = () => {}
  const connection = {
    isOpen: true,
    closedOnPurpose: false,
    open: async () => {},
    watch: (heard: (moment: ConnectionMoment) => void) => {
      tell = heard
      return () => {}
    },
  } as unknown as Connection
  let fail: (error: unknown) => void = () => {}
  const joins: Promise<void>[] = [
    new Promise((_, reject) => {
      fail = reject
    }),
    Promise.resolve(),
  ]
  let joined = 0
  const told: string[] = []
  const tab = {
    join: () => joins[joined++]!,
    leave: async () => {},
    stand: (state: string) => void told.push(state),
  }
  const session = new Session({ env: fakeDevice().tab(), connection, tab }, Promise.resolve())
  await expect.poll(() => joined).toBe(1)
  tell('closed')
  tell('open')
  fail(new SyncError('database-closed'))
  await expect.poll(() => joined).toBe(2)
  await session.end()
  expect(told).toEqual(['starting', 'closed', 'starting', 'stopped'])
})
