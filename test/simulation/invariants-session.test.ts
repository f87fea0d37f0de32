import type { Row } from '../../src/model/change'
import type { StoreChange } from './history'
import { tryOn } from './invariants/controls'
import { captured, entry, type Planted, planted } from './invariants/planted-history'
import { nothingLost } from './invariants/q1-nothing-lost'
import { noEcho } from './invariants/q7-no-echo'
import { sessions } from './invariants/q9-session'

const row = (title: string, at: number, more: Row = {}): Row => ({
  id: 7,
  birth: 'w1',
  title,
  body: 'w1',
  updated_at: at,
  ...more,
})

/** A transaction of sync over the row. */
const synced = (before: Row | undefined, after: Row | undefined, ...more: StoreChange[]): StoreChange[] => [
  { store: 'posts', key: 7, ...(before && { before }), ...(after && { after }) },
  { store: '_sync_checkpoints', key: 'posts', after: { scope: 'posts' } },
  ...more,
]

/** The server's row came, and the app changed its title. */
const edited = (): Planted =>
  planted()
    .committed(...synced(undefined, row('w1', 10)))
    .wrote({ id: 'w2', kind: 'update', birth: 'w1' })
    .committed(
      { store: 'posts', key: 7, before: row('w1', 10), after: row('w2', 10) },
      { store: '_sync_log', key: 2, after: entry({ kind: 'update', key: 7, set: { title: 'w2' } }) },
    )
const arrived = (): Planted =>
  edited().reached({ key: 7, method: 'PATCH', row: row('w2', 20), sent: { title: 'w2' } })

/** The app deleted the row. */
const deleted = (): Planted =>
  planted()
    .committed(...synced(undefined, row('w1', 10)))
    .wrote({ id: 'w3', kind: 'delete', birth: 'w1', fields: [] })
    .committed(
      { store: 'posts', key: 7, before: row('w1', 10) },
      { store: '_sync_log', key: 2, after: entry({ kind: 'delete', key: 7, before: row('w1', 10) }) },
    )
const buried = (plant: Planted): Planted =>
  plant.reached({ key: 7, method: 'DELETE', before: row('w1', 10), row: row('w1', 30), sent: {} })

const created = (): Planted =>
  planted()
    .wrote({ id: 'w1' })
    .committed(...captured(-1, { id: -1, birth: 'w1', title: 'w1', body: 'w1' }))
const renamed = (title: string): StoreChange[] => [
  { store: 'posts', key: -1, before: { id: -1, birth: 'w1', title: 'w1', body: 'w1' } },
  { store: 'posts', key: 7, after: row(title, 20) },
  { store: '_sync_aliases', key: ['posts', -1], after: { table: 'posts', temporary: -1, key: 7 } },
  { store: '_sync_fences', key: 'f', before: { id: 'f', epoch: 1 } },
]
/** A row made here meets the one a page brought under its key; `kept`: that one is still to be brought together with it. */
const meeting = (kept: boolean): StoreChange[] => [
  ...renamed('w1').filter(({ key }) => key !== 7),
  { store: 'posts', key: 7, before: row('w2', 30), after: row('w1', 20) },
  {
    store: '_sync_records',
    key: ['posts', 7],
    after: { table: 'posts', key: 7, ...(kept && { incoming: { row: row('w2', 30) } }) },
  },
]
/** As {@link meeting}, where the server has deleted meanwhile what came under the key. */
const meetingDeletion = (kept: boolean): Planted =>
  seenNewer()
    .reached({ key: 7, method: 'DELETE', before: row('w2', 30), row: row('w2', 40), sent: {} })
    .committed(...synced(row('w2', 30), undefined))
    .committed(
      ...renamed('w1').filter(({ key }) => key !== 7),
      { store: 'posts', key: 7, after: row('w1', 20) },
      {
        store: '_sync_records',
        key: ['posts', 7],
        after: { table: 'posts', key: 7, ...(kept && { incoming: { row: null } }) },
      },
    )
const seenNewer = (): Planted => created().committed(...synced(undefined, row('w2', 30)))
/** A row made here is pulled under its real key as well, and has there what `acts` did last when its create is answered. */
const twice = (...acts: Act[]): Planted => {
  const [, there, ...rest] = renamed('w2')
  return broughtTwice(acts)
    .reached({ key: 7, row: row('w2', 30), method: 'PATCH', sent: { title: 'w2' } })
    .committed({ ...there!, before: row('w2', 20) }, ...rest)
    .leftAtServer(row('w2', 30))
}
type Act = 'edit' | 'delete' | 'send again'
const broughtTwice = (acts: Act[]): Planted => {
  const plant = created().committed(...synced(undefined, row('w1', 20)))
  const does = { edit: editThere, delete: deleteHere, 'send again': sendAgain }
  for (const act of acts) does[act](plant)
  return plant
}
/** As {@link twice}, and then it is gone under both keys. */
const goneTwice = (...acts: Act[]): Planted => {
  const rest = renamed('w2').slice(2)
  return broughtTwice(acts).committed({ store: 'posts', key: 7, before: row('w2', 20) }, ...rest)
}
const editThere = (plant: Planted): Planted =>
  plant
    .wrote({ id: 'w2', kind: 'update', birth: 'w1' })
    .committed(
      { store: 'posts', key: 7, before: row('w1', 20), after: row('w2', 20) },
      { store: '_sync_log', key: 2, after: entry({ kind: 'update', key: 7, set: { title: 'w2' } }) },
    )
const deleteHere = (plant: Planted): Planted =>
  plant
    .wrote({ id: 'w3', kind: 'delete', birth: 'w1', fields: [] })
    .committed(
      { store: 'posts', key: -1, before: { id: -1, birth: 'w1', title: 'w1', body: 'w1' } },
      { store: '_sync_log', key: 3, after: entry({ kind: 'delete', key: -1 }) },
    )
/** A call sends the create again, and what was held behind it. */
const sendAgain = (plant: Planted): Planted =>
  plant.committed(
    { store: '_sync_letters', key: 'l', before: { table: 'posts', key: -1 } },
    {
      store: '_sync_log',
      key: 4,
      after: entry({ kind: 'delete', key: -1, before: { id: -1, birth: 'w1', title: 'w1', body: 'w1' } }),
    },
  )
/** It is edited under both keys, under the temporary one so much later, and has `stands` when its create is answered. */
const editedTwice = (stands: string, later = 0): Planted => {
  const here = { id: -1, birth: 'w1', title: 'w1', body: 'w1' }
  const [gone, there, ...rest] = renamed(stands)
  return broughtTwice([])
    .wrote({ id: 'w2', kind: 'update', birth: 'w1', step: 50 })
    .wrote({ id: 'w4', kind: 'update', birth: 'w1', step: 50 + later })
    .committed(
      { store: 'posts', key: 7, before: row('w1', 20), after: row('w2', 20) },
      { store: 'posts', key: -1, before: here, after: { ...here, title: 'w4' } },
      { store: '_sync_log', key: 2, after: entry({ kind: 'update', key: 7, set: { title: 'w2' } }) },
    )
    .committed({ ...gone!, before: { ...here, title: 'w4' } }, { ...there!, before: row('w2', 20) }, ...rest)
}
/** Data of one, which another has written to. */
const heldBy = (identity: string): Planted =>
  planted()
    .committed({ store: '_sync_meta', key: 'identity', after: { name: 'identity', identity } })
    .committed(...synced(undefined, row('w1', 10)))
    .wrote({ id: 'w2', kind: 'update', birth: 'w1', user: 'bea' })
    .committed(
      { store: 'posts', key: 7, before: row('w1', 10), after: row('w2', 10) },
      {
        store: '_sync_log',
        key: 2,
        after: { ...entry({ kind: 'update', key: 7, set: { title: 'w2' } }), identity: 'bea' },
      },
    )
/** A row that had become newer goes back under changes that are held. */
const heldOver = (base: Row | null): Planted =>
  planted()
    .committed(...synced(undefined, row('w1', 20)))
    .committed(
      ...synced(row('w1', 20), row('w1', 10), {
        store: '_sync_records',
        key: ['posts', 7],
        after: { table: 'posts', key: 7, base },
      }),
    )
const thread = (...commits: StoreChange[][]): Planted => {
  const plant = planted().wrote({ id: 'w1.0' }).wrote({ id: 'w1.1' })
  for (const commit of commits) plant.committed(...commit)
  return plant
}
const one = (id: string, key: number): StoreChange[] =>
  captured(key, { id: key, birth: id, title: id, body: id })

/** The row is deleted by a transaction that decides a conflict as well. */
const decidedOver = (key: number): Planted =>
  created().committed(
    { store: '_sync_log', key: 3, after: entry({ kind: 'delete', key: -1, before: row('w1', 10) }) },
    {
      store: '_sync_conflicts',
      key: 'c',
      after: { table: 'posts', key, state: 'decided', decision: 'remote' },
    },
  )

tryOn([
  {
    invariant: noEcho,
    right: { 'a deletion that somebody has decided for': decidedOver(-1) },
    wrong: { 'a deletion with a decision on another row': decidedOver(-2) },
  },
  {
    invariant: nothingLost,
    right: {
      'a deletion before an edit of the row under its other key': twice('delete', 'edit'),
      'an edit before the deletion under its other key is sent again': goneTwice(
        'delete',
        'edit',
        'send again',
      ),
    },
    wrong: {
      'a deletion after an edit of the row under its other key': twice('edit', 'delete'),
      'an edit after the deletion under its other key': goneTwice('delete', 'edit'),
    },
  },
  {
    invariant: sessions,
    right: {
      'a row edited under one of its keys after it was deleted under the other': twice('delete', 'edit'),
      'an edit before the deletion under the other key is sent again': goneTwice(
        'delete',
        'edit',
        'send again',
      ),
      'either edit that one call made under both its keys': editedTwice('w4'),
      'the later edit, under whichever key': editedTwice('w4', 1),
      'a newer edit of somebody else, once ours has arrived': arrived().committed(
        ...synced(row('w2', 10), row('s1', 30)),
      ),
      'an edit overruled by a conflict that is written down with it': edited().committed(
        ...synced(row('w2', 10), row('s1', 30), {
          store: '_sync_conflicts',
          key: 'c',
          after: { table: 'posts', key: 7, state: 'decided' },
        }),
      ),
      'a dead letter given up': edited().committed(
        { store: 'posts', key: 7, before: row('w2', 10), after: row('w1', 10) },
        { store: '_sync_letters', key: 'l', before: { table: 'posts', key: 7 } },
      ),
      'a row that gets its key': created().committed(...renamed('w1')),
      'rows of before, once somebody else’s data is there': edited()
        .committed(
          { store: 'posts', key: 7, before: row('w2', 10), after: row('w1', 5) },
          { store: '_sync_meta', key: 'identity', after: { name: 'identity', identity: 'bea' } },
        )
        .committed(...synced(row('w1', 5), row('w1', 6)))
        .committed(...synced(row('w1', 6), row('w1', 7))),
      'a row that was deleted and made again': buried(deleted()).committed(
        ...synced(undefined, row('w1', 40)),
      ),
      'a row that meets the one that came under its key, which is kept': seenNewer().committed(
        ...meeting(true),
      ),
      'a row that meets the deletion of the one under its key, which is kept': meetingDeletion(true),
      'what somebody else wrote to the data of one': heldBy('ada').committed(
        ...synced(row('w2', 10), row('w1', 20)),
      ),
      'a row as held changes knew it, which the server has deleted': heldOver(null),
      'a thread in one transaction': thread([...one('w1.0', -1), ...one('w1.1', -2)]),
    },
    wrong: {
      'a page over an edit that waits': edited().committed(...synced(row('w2', 10), row('s1', 30))),
      'a page from before our edit': arrived().committed(...synced(row('w2', 10), row('s1', 15))),
      'a row that vanishes under an edit': edited().committed(...synced(row('w2', 10), undefined)),
      'a row that gets its key and loses what was written': created().committed(...renamed('s1')),
      'a row that was deleted here and comes back': deleted().committed(...synced(undefined, row('w1', 20))),
      'a row from before its deletion': buried(deleted()).committed(...synced(undefined, row('w1', 20))),
      'a row that a tombstone took, from before it': buried(
        planted().committed(...synced(undefined, row('w1', 10))),
      )
        .committed(...synced(row('w1', 10), undefined))
        .committed(...synced(undefined, row('w1', 20))),
      'a row that meets the one that came under its key, which is lost': seenNewer().committed(
        ...meeting(false),
      ),
      'a row that meets the deletion of the one under its key, which is lost': meetingDeletion(false),
      'what whose data it is wrote': heldBy('bea').committed(...synced(row('w2', 10), row('w1', 20))),
      'a row as held changes knew it, which is still there': heldOver(row('w1', 10)),
      'a row edited under one of its keys before it was deleted under the other': twice('edit', 'delete'),
      'a row edited under one of its keys after it was deleted under the other, and gone': goneTwice(
        'delete',
        'edit',
      ),
      'the earlier edit under the other key': editedTwice('w2', 1),
      'the earlier edit under its temporary key': editedTwice('w4', -1),
      'half a thread': thread(one('w1.0', -1), one('w1.1', -2)),
    },
  },
])
