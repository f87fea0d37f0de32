import { describe, expect, it } from 'vitest'
import type { Row } from '../../src/model/change'
import type { SentRequest } from './history'
import type { Invariant } from './invariants/invariant'
import { captured, device, entry, type Planted, planted, tab } from './invariants/planted-history'
import { nothingLost } from './invariants/q1-nothing-lost'
import { convergence } from './invariants/q2-convergence'
import { noDuplicates } from './invariants/q3-no-duplicates'
import { causalOrder } from './invariants/q4-causal-order'
import { checkpointSoundness } from './invariants/q6-checkpoint'
import { noEcho } from './invariants/q7-no-echo'
import { fencing } from './invariants/q10-fencing'
import { atomicity } from './invariants/q11-atomicity'
import { quiet } from './invariants/q15-quiet'

interface Control {
  readonly invariant: Invariant
  /** Histories that keep the promise, and histories that break it. */
  readonly right: Record<string, Planted>
  readonly wrong: Record<string, Planted>
}

const row = (id: string, more: Row = {}): Row => ({ birth: id, title: id, body: id, ...more })

const created = () =>
  planted()
    .wrote({ id: 'w1' })
    .committed(...captured(-1, row('w1')))
const updated = () => {
  const next = row('w1', { title: 'w2' })
  return created()
    .wrote({ id: 'w2', kind: 'update', birth: 'w1' })
    .committed(
      { store: 'posts', key: -1, before: row('w1'), after: next },
      { store: '_sync_log', key: 2, after: entry({ kind: 'update', key: -1, set: { title: 'w2' } }) },
    )
}
const deleted = () =>
  created()
    .wrote({ id: 'w3', kind: 'delete', birth: 'w1', fields: [] })
    .committed(
      { store: 'posts', key: -1, before: row('w1') },
      { store: '_sync_log', key: 3, after: entry({ kind: 'delete', key: -1, before: row('w1') }) },
    )

const stamped = (id: string, key: number, at: number): Row => row(id, { id: key, updated_at: at })
const checkpoint = (at: number): Row => ({
  scope: 'posts',
  value: { format: 1, strategy: 'keyset', keyset: { last: { at }, since: 0 } },
  generation: 1,
})
const leader = (epoch: number): Row => ({ name: 'leader', epoch })

const sent = (more: Partial<SentRequest>): SentRequest => ({
  device,
  tab,
  method: 'PATCH',
  path: '/api/posts/1',
  sentAt: 1,
  sentTime: 1,
  endedAt: 5,
  ...more,
})
const requests = (...list: Partial<SentRequest>[]) => {
  const plant = planted()
  plant.history.requests.push(...list.map(sent))
  return plant
}

const controls: Control[] = [
  {
    invariant: nothingLost,
    right: {
      'a create that reached the server': created().reached({ key: 1, row: row('w1') }),
      'a create held as a dead letter': created()
        .left('_sync_log', 1, { ...entry({ kind: 'create', key: -1, row: row('w1') }) })
        .left('_sync_progress', 1, { seq: 1, marks: { 0: { held: 'dead', by: 'x' } } }),
      'a create and its deletion, both before anything left': deleted(),
      'an update written over by a conflict that is on record': updated()
        .reached({ key: 1, row: row('w1') })
        .left('_sync_conflicts', 'c', {
          local: row('w1', { title: 'w2' }),
          remote: row('w1', { title: 's1' }),
        }),
    },
    wrong: {
      'a create that is nowhere': created(),
      'an update that is nowhere': updated().reached({ key: 1, row: row('w1') }),
      'a write that was acknowledged without a commit': planted()
        .wrote({ id: 'w1' })
        .reached({ key: 1, row: row('w1') }),
      'a deletion that never left': deleted()
        .reached({ key: 1, row: row('w1') })
        .leftAtServer(stamped('w1', 1, 1)),
    },
  },
  {
    invariant: convergence,
    right: {
      'the same row, its time in two forms': planted()
        .left('posts', 1, row('w1', { id: 1, updated_at: '2026-01-01T00:00:00.000Z' }))
        .leftAtServer(stamped('w1', 1, Date.UTC(2026, 0, 1))),
      'a tombstone and no row': planted().leftAtServer({ ...stamped('w1', 1, 1), deleted_at: 'then' }),
    },
    wrong: {
      'a row that is missing here': planted().leftAtServer(stamped('w1', 1, 1)),
      'a row that is deleted there': planted()
        .left('posts', 1, stamped('w1', 1, 1))
        .leftAtServer({ ...stamped('w1', 1, 1), deleted_at: 'then' }),
      'a field that differs': planted()
        .left('posts', 1, stamped('w1', 1, 1))
        .leftAtServer({ ...stamped('w1', 1, 1), title: 'w2' }),
      'a row that kept its temporary key': planted()
        .left('posts', -1, row('w1'))
        .leftAtServer(stamped('w1', 1, 1)),
    },
  },
  {
    invariant: noDuplicates,
    right: {
      'one insert': planted().reached({ key: 1, row: row('w1'), idempotencyKey: 'a' }),
      'one more after a deletion': planted()
        .reached({ key: 1, row: row('w1') })
        .reached({ key: 1, row: row('w1'), before: row('w1'), method: 'DELETE', device: 'server' })
        .reached({ key: 2, row: row('w1') }),
      'two that were typed on rows of another login, and one that was not': planted()
        .reached({ key: 1, row: { title: 'w1' }, idempotencyKey: 'a' })
        .reached({ key: 2, row: { title: 'w2' }, idempotencyKey: 'b' })
        .reached({ key: 3, row: row('w3'), idempotencyKey: 'c' }),
    },
    wrong: {
      'two of one key, typed on a row of another login': planted()
        .reached({ key: 1, row: { title: 'w1' }, idempotencyKey: 'a' })
        .reached({ key: 2, row: { title: 'w1' }, idempotencyKey: 'a' }),
      'two inserts under two keys': planted()
        .reached({ key: 1, row: row('w1'), idempotencyKey: 'a' })
        .reached({ key: 2, row: row('w1'), idempotencyKey: 'b' }),
      'two effects under one key': planted()
        .reached({ key: 1, row: row('w1'), idempotencyKey: 'a' })
        .reached({ key: 2, row: row('w2'), idempotencyKey: 'a' }),
    },
  },
  {
    invariant: causalOrder,
    right: {
      'create, then update': updated()
        .reached({ key: 1, row: row('w1') })
        .reached({ key: 1, row: row('w1'), method: 'PATCH', sent: { title: 'w2' } }),
    },
    wrong: {
      'the older value arrives last': updated()
        .reached({ key: 1, row: row('w1'), method: 'PATCH', sent: { title: 'w2' } })
        .reached({ key: 1, row: row('w1'), method: 'PATCH', sent: { title: 'w1' } }),
      'an update after the deletion made later': deleted()
        .reached({ key: 1, row: row('w1'), before: row('w1'), method: 'DELETE', sent: {} })
        .reached({ key: 1, row: row('w1'), method: 'PATCH', sent: { title: 'w1' } }),
    },
  },
  {
    invariant: checkpointSoundness,
    right: {
      'row and checkpoint in one transaction': planted()
        .reached({ device: 'server', key: 1, row: stamped('s1', 1, 10) })
        .committed(
          { store: 'posts', key: 1, after: stamped('s1', 1, 10) },
          { store: '_sync_checkpoints', key: 'posts', after: checkpoint(10) },
        ),
      'a row masked by a waiting change': planted()
        .reached({ device: 'server', key: 1, row: stamped('s1', 1, 10) })
        .committed({
          store: '_sync_log',
          key: 1,
          after: entry({ kind: 'update', key: 1, set: { title: 'w1' } }),
        })
        .committed({ store: '_sync_checkpoints', key: 'posts', after: checkpoint(10) }),
    },
    wrong: {
      'the checkpoint before its rows': planted()
        .reached({ device: 'server', key: 1, row: stamped('s1', 1, 10) })
        .committed({ store: '_sync_checkpoints', key: 'posts', after: checkpoint(10) })
        .committed({ store: 'posts', key: 1, after: stamped('s1', 1, 10) }),
      'a deletion it passed': planted()
        .reached({ device: 'server', key: 1, row: { ...stamped('s1', 1, 10), deleted_at: 'then' } })
        .committed({ store: 'posts', key: 1, after: stamped('s1', 1, 5) })
        .committed({ store: '_sync_checkpoints', key: 'posts', after: checkpoint(10) }),
      'a checkpoint that goes back': planted()
        .committed({ store: '_sync_checkpoints', key: 'posts', after: checkpoint(10) })
        .committed({
          store: '_sync_checkpoints',
          key: 'posts',
          before: checkpoint(10),
          after: checkpoint(9),
        }),
    },
  },
  {
    invariant: noEcho,
    right: { 'entries of the app’s own writes': updated(), 'the entry of a deletion': deleted() },
    wrong: {
      'a pulled row captured': planted().committed(...captured(1, row('s1'))),
      'a pulled deletion captured': created().committed(
        { store: 'posts', key: -1, before: row('w1') },
        { store: '_sync_log', key: 3, after: entry({ kind: 'delete', key: -1, before: row('w1') }) },
      ),
    },
  },
  {
    invariant: fencing,
    right: {
      'one after the other': requests({}, { sentAt: 5, endedAt: 9 }),
      'creates of two records': requests({ birth: 'w1' }, { birth: 'w2', sentAt: 2 }),
      'creates of two records typed on rows of another login': requests(
        { method: 'POST', idempotencyKey: 'a' },
        { method: 'POST', idempotencyKey: 'b', sentAt: 3 },
      ),
      'a page of the current leader': planted().committed(
        { store: '_sync_leader', key: 'leader', after: leader(1) },
        { store: '_sync_checkpoints', key: 'posts', after: checkpoint(1) },
      ),
    },
    wrong: {
      'two requests of one tab at once': requests({}, { sentAt: 3 }),
      'two of one key at once': requests(
        { method: 'POST', idempotencyKey: 'a' },
        { method: 'POST', idempotencyKey: 'a', sentAt: 3 },
      ),
      'two changes of a record at once under two keys': requests(
        { method: 'PATCH', idempotencyKey: 'a' },
        { method: 'PATCH', idempotencyKey: 'b', sentAt: 3 },
      ),
      'two tabs at once though only one leads': requests({}, { sentAt: 3, tab: 'd0/t1#1' }),
      'a page of the leader of old': planted()
        .committedBy('d0/t0#0', { store: '_sync_leader', key: 'leader', after: leader(1) })
        .committedBy('d0/t1#1', { store: '_sync_leader', key: 'leader', before: leader(1), after: leader(2) })
        .committedBy('d0/t0#0', { store: '_sync_checkpoints', key: 'posts', after: checkpoint(1) }),
    },
  },
  {
    invariant: atomicity,
    right: {
      'row and entry together': created(),
      'a page that also puts a merged change in the place of older ones': planted().committed(
        { store: 'posts', key: 1, after: row('s1') },
        {
          store: '_sync_log',
          key: 2,
          after: { ...entry({ kind: 'create', key: 2, row: row('w1') }), replaces: [[1, 0]] },
        },
        { store: '_sync_checkpoints', key: 'posts', after: checkpoint(1) },
      ),
      'a row written by sync': planted().committed(
        { store: 'posts', key: 1, after: row('s1') },
        { store: '_sync_checkpoints', key: 'posts', after: checkpoint(1) },
      ),
    },
    wrong: {
      'a row without an entry': planted().committed({ store: 'posts', key: 1, after: row('w1') }),
      'an entry without its row': planted().committed({
        store: '_sync_log',
        key: 1,
        after: entry({ kind: 'create', key: 1, row: row('w1') }),
      }),
    },
  },
  {
    invariant: quiet,
    right: {
      'a row written because it is new': planted()
        .reached({ key: 1, row: stamped('s1', 1, 1) })
        .committed({ store: 'posts', key: 1, before: stamped('s0', 1, 0), after: stamped('s1', 1, 1) })
        .committed({ store: 'posts', key: 1, before: stamped('s1', 1, 1), after: stamped('s1', 1, 1) }),
    },
    wrong: {
      'the same row again and again': planted()
        .reached({ key: 1, row: stamped('s1', 1, 1) })
        .committed({ store: 'posts', key: 1, before: stamped('s1', 1, 1), after: stamped('s1', 1, 1) })
        .committed({ store: 'posts', key: 1, before: stamped('s1', 1, 1), after: stamped('s1', 1, 1) }),
    },
  },
]

describe.each(controls)('$invariant.name', ({ invariant, right, wrong }) => {
  it.each(Object.entries(right))('accepts %s', (_, { evidence }) => {
    expect(invariant.judge(evidence, () => {})).toEqual([])
  })

  it.each(Object.entries(wrong))('rejects %s', (_, { evidence }) => {
    expect(invariant.judge(evidence, () => {})).not.toEqual([])
  })
})
