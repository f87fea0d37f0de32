import type { Row } from '../../src/model/change'
import { tryOn } from './invariants/controls'
import { type Planted, planted } from './invariants/planted-history'
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

tryOn([
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
