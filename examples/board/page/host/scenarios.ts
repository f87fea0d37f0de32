import type { Card, ColumnName } from '../device/board'
import type { Deed } from '../device/deeds'

/** A conflict in the making: what each device does to one card while neither has a network. */
export interface Scenario {
  readonly name: string
  /** What the two do, and what becomes of it. */
  readonly title: string
  readonly outcome: string
  /** In this order. */
  parts(card: Card): readonly Part[]
  /** Said at the end. */
  readonly end: string
}

export interface Part {
  readonly device: 'a' | 'b'
  readonly deed: Deed
  readonly says: string
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'fields',
    title: 'Two fields',
    outcome: 'merged',
    parts: (card) => [
      rename('a', card, ['Friday', 'Tuesday']),
      {
        device: 'b',
        deed: { kind: 'move', id: card.id, column: nextColumn[card.column] },
        says: `moves it to ${columnTitles[nextColumn[card.column]]}`,
      },
    ],
    end: 'Nobody disagreed: new title and new column, on both devices.',
  },
  {
    name: 'votes',
    title: 'Two votes',
    outcome: 'added up',
    parts: ({ id }) => [
      { device: 'a', deed: { kind: 'vote', id }, says: 'votes for it' },
      { device: 'b', deed: { kind: 'vote', id }, says: 'votes for it as well' },
    ],
    end: 'Both count: a counter adds up what each device added.',
  },
  {
    name: 'notes',
    title: 'Two notes',
    outcome: 'the later wins',
    parts: (card) => [
      writeNote('b', card, ['Ask Jonas before starting', 'Jonas has the numbers']),
      writeNote('a', card, ['Ada decides on Monday', 'Ada has the last word']),
    ],
    end: 'The later note stands. B kept its own, under “Settled conflicts”.',
  },
  {
    name: 'titles',
    title: 'Two titles',
    outcome: 'you choose',
    parts: (card) => [rename('a', card, ['Friday', 'Tuesday']), rename('b', card, ['Monday', 'Thursday'])],
    end: 'Titles are for people: B holds its change, and asks.',
  },
]

const columnTitles: Record<ColumnName, string> = { todo: 'To do', doing: 'Doing', done: 'Done' }
const nextColumn: Record<ColumnName, ColumnName> = { todo: 'doing', doing: 'done', done: 'doing' }

const dated = / by (Monday|Tuesday|Thursday|Friday)$/

/** A title for another day than the one it has. */
function rename(device: Part['device'], { id, title }: Card, days: readonly string[]): Part {
  const day = days.find((other) => other !== dated.exec(title)?.[1])
  const changes = { title: `${title.replace(dated, '')} by ${day}` }
  return { device, deed: { kind: 'change', id, changes }, says: `makes it “by ${day}”` }
}

function writeNote(device: Part['device'], { id, notes }: Card, wordings: readonly string[]): Part {
  const text = wordings.find((other) => other !== notes) ?? ''
  return { device, deed: { kind: 'change', id, changes: { notes: text } }, says: `notes “${text}”` }
}
