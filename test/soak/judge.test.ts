import { describe, expect, it } from 'vitest'
import { judge, type Rows } from './judge'
import { Ledger } from './ledger'
import type { Effect } from './told'
import { Witness } from './witness'

/** A story of one card, and what a run makes of its end. */
class Story {
  readonly ledger = new Ledger()
  readonly witness = new Witness()
  #deeds = 0

  /** Done on a device; with `heard: false` its page was killed before it could tell. */
  does(
    device: string,
    effect: Omit<Effect, 'table' | 'mark'> & { mark?: string },
    { heard = true } = {},
  ): this {
    const deed = `${device}.${++this.#deeds}`
    const effects: Effect[] = [{ table: 'cards', mark: 'one', ...effect }]
    this.ledger.hear(device, { what: 'begun', deed, effects })
    if (heard) this.ledger.hear(device, { what: 'done', deed, outcome: 'all', keys: [-1] })
    return this
  }

  told(device: string, what: 'conflict' | 'dead-letter', code = 'rejected'): this {
    this.ledger.hear(device, { what, id: `${what} 1`, table: 'cards', key: -1, code } as never)
    return this
  }

  serves(method: string, answer: object, { status = method === 'POST' ? 201 : 200, replayed = false } = {}) {
    const path = method === 'POST' ? '/api/cards' : '/api/cards/7'
    this.witness.see({ method, path, status, replayed, sent: {}, answer: { id: 7, title: 'one', ...answer } })
    return this
  }

  ends(...cards: Rows['cards']): string[] {
    return judge(this.ledger, this.witness, { cards, people: [] })
  }
}

const card = { id: 7, title: 'one', notes: 'a', votes: 0 }
const create = { does: 'create', value: 'a' } as const
const edit = { does: 'edit', value: 'b' } as const
const vote = { does: 'vote' } as const
const remove = { does: 'delete' } as const
const made = () => new Story().does('A', create).serves('POST', card)

describe('a run that ends well', () => {
  it.each<[string, string[]]>([
    ['a create arrives', made().ends(card)],
    ['its answer is said again', made().serves('POST', card, { replayed: true }).ends(card)],
    ['an edit arrives', made().does('A', edit).serves('PATCH', { notes: 'b' }).ends(card)],
    [
      'an edit is written over before it leaves',
      made()
        .does('A', edit)
        .does('A', { ...edit, value: 'c' })
        .serves('PATCH', { notes: 'c' })
        .ends(card),
    ],
    ['an edit is overruled, and its device told', made().does('A', edit).told('A', 'conflict').ends(card)],
    ['a row is deleted', made().does('B', remove).serves('DELETE', {}).ends()],
    [
      'votes are counted',
      made()
        .does('A', vote)
        .does('B', vote)
        .ends({ ...card, votes: 2 }),
    ],
    [
      'a vote of a killed page counts',
      made()
        .does('A', vote, { heard: false })
        .ends({ ...card, votes: 1 }),
    ],
    ['a vote of a killed page was never written', made().does('A', vote, { heard: false }).ends(card)],
    ['a create of a killed page was never written', new Story().does('A', create, { heard: false }).ends()],
  ])('is clean where %s', (_, failures) => {
    expect(failures).toEqual([])
  })

  it('is clean where the server refuses what it must refuse', () => {
    const forbidden = { ...create, mark: 'forbidden one' }
    expect(new Story().does('A', forbidden).told('A', 'dead-letter').ends()).toEqual([])
  })
})

describe('a run that ends badly', () => {
  it.each<[string, string[], string]>([
    ['a create never arrived', new Story().does('A', create).ends(), 'cards one: the create of A.1 is lost'],
    ['a row was made twice', made().serves('POST', card).ends(card), 'cards one was made 2 times'],
    ['a row is there twice', made().ends(card, { ...card, id: 8 }), '1 rows are at the server twice'],
    ['a row was made by nobody', new Story().ends(card), 'cards one was made by nobody'],
    ['a row is gone', made().ends(), 'cards one is gone and nobody has deleted it'],
    ['a deleted row is there', made().does('A', remove).ends(card), 'cards one was deleted and is there'],
    ['an edit never arrived', made().does('A', edit).ends(card), 'cards one: the edit of A.2 is lost'],
    [
      'another device was told of it',
      made().does('A', edit).told('B', 'conflict').ends(card),
      'cards one: the edit of A.2 is lost',
    ],
    [
      'an earlier edit wrote over it',
      made()
        .does('A', edit)
        .serves('PATCH', { notes: 'b' })
        .does('A', { ...edit, value: 'c' })
        .ends(card),
      'cards one: the edit of A.3 is lost',
    ],
    ['a vote is lost', made().does('A', vote).ends(card), 'cards one has 0 votes of 1 to 1'],
    [
      'a vote counts twice',
      made()
        .does('A', vote)
        .ends({ ...card, votes: 2 }),
      'cards one has 2 votes of 1 to 1',
    ],
    [
      'a good row is refused',
      made().told('A', 'dead-letter', 'key-reused').ends(card),
      'cards one was refused: key-reused',
    ],
  ])('says that %s', (_, failures, wanted) => {
    expect(failures).toContain(wanted)
  })
})
