import type { PushPromise } from './history'
import { tryOn } from './invariants/controls'
import { captured, device, type Planted, planted, tab } from './invariants/planted-history'
import { keptWord } from './invariants/when-pushed'

const accepted = { settledAt: 9, outcome: 'accepted' }
const row = { birth: 'w1', title: 'w1' }

/** The app has made a row, and asked about it. */
const asked = (told: Partial<PushPromise> = accepted): Planted => {
  const plant = planted()
    .wrote({ id: 'w1' })
    .committed(...captured(-1, row))
  plant.history.promises.push({ device, tab, table: 'posts', birth: 'w1', askedAt: 3, ...told })
  return plant
}

/** It was changed once more, before the app asked. */
const changed = (): Planted => {
  const plant = asked().reached({ key: 1, row }).wrote({ id: 'w2', kind: 'update', birth: 'w1', step: 2 })
  const [made] = plant.history.commits
  plant.history.commits.push({ ...made!, changes: captured(-1, { ...row, title: 'w2' }) })
  return plant
}

/** Then a dead letter of it was discarded. */
const givenUp = (step: number): Planted => {
  const plant = changed()
  plant.history.givenUp.push({ step, device, table: 'posts', birth: 'w1' })
  return plant
}

/** Then somebody was signed out, with all that waited of theirs. */
const signedOut = (user: string): Planted => {
  const plant = changed()
  plant.history.signedOut.push({ step: 3, device, user })
  return plant
}

tryOn([
  {
    invariant: keptWord,
    right: {
      'accepted, and there': asked().reached({ key: 1, row }),
      'accepted, and what is not there was given up before': givenUp(3),
      'accepted, and what is not there went with a sign-out': signedOut('ada'),
      'accepted under the key under which it was pulled': asked({ ...accepted, twiceHere: true }),
    },
    wrong: {
      'accepted, and not there': asked(),
      'accepted before it was there': asked({ ...accepted, settledAt: 3 })
        .committed()
        .reached({ key: 1, row }),
      'accepted, and what is not there was given up later': givenUp(4),
      'accepted, and not there, where somebody else was signed out': signedOut('bea'),
      'never answered': asked({}).left('_sync_meta', 'identity', {
        name: 'identity',
        identity: 'ada',
      }),
    },
  },
])
