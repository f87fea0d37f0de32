import type { Row } from '../../src/model/change'
import type { StoreChange } from './history'
import { tryOn } from './invariants/controls'
import { type Planted, planted } from './invariants/planted-history'
import { noDuplicates } from './invariants/q3-no-duplicates'
import { sessions } from './invariants/q9-session'

const twin = (id: number, at: number): Row => ({ id, birth: 'w1', title: 'w1', body: 'w1', updated_at: at })
const page = { store: '_sync_checkpoints', key: 'posts', after: { scope: 'posts' } }

/** One create that the server has carried out twice: of its rows one comes where the other goes, in one page. */
const twins = (): Planted =>
  planted()
    .committed({ store: 'posts', key: 4, after: twin(4, 30) }, page)
    .reached({ key: 4, method: 'DELETE', before: twin(4, 30), row: twin(4, 40), sent: {} })
    .committed(
      { store: 'posts', key: 4, before: twin(4, 30) },
      { store: 'posts', key: 8, after: twin(8, 10) },
      page,
    )

const won = (id: string): StoreChange => ({
  store: '_sync_conflicts',
  key: id,
  after: { id, state: 'decided', decision: 'local', remote: null, local: twin(10, 1) },
})

/** A record that others deleted, and that an edit made again; then the same once more. */
const madeAgainTwice = (before: Planted): Planted =>
  before
    .committed({ store: 'posts', key: 10, after: twin(10, 1) })
    .reached({ key: 10, row: twin(10, 1), idempotencyKey: 'a' })
    .reached({ key: 10, method: 'DELETE', device: 'server', before: twin(10, 1), row: twin(10, 2) })
    .committed(won('c1'))
    .reached({ key: 13, row: twin(13, 3), idempotencyKey: 'b' })
    .committed(won('c2'))
    .reached({ key: 21, row: twin(21, 4), idempotencyKey: 'c' })

tryOn([
  {
    invariant: noDuplicates,
    right: {
      'edits of a record that was here under two keys, which both won over its deletion': madeAgainTwice(
        planted().committed({ store: 'posts', key: -1, after: twin(-1, 1) }),
      ),
    },
    wrong: {
      'an edit of a record that was here once, and won twice': madeAgainTwice(planted()),
    },
  },
  {
    invariant: sessions,
    right: {
      'a row that is older than its twin ever was': twins().committed(
        { store: 'posts', key: 8, before: twin(8, 10), after: twin(8, 20) },
        page,
      ),
    },
    wrong: {
      'a row that is older than it was itself': twins().committed(
        { store: 'posts', key: 8, before: twin(8, 10), after: twin(8, 5) },
        page,
      ),
    },
  },
])
