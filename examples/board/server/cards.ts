import { type Collection, checkText, isUuid } from './collection'

const columns = ['todo', 'doing', 'done']

/** Cards: the server makes their keys. */
export const cards: Collection = {
  name: 'cards',
  key: 'server',
  fields: {
    title: { check: checkTitle },
    notes: {
      initial: '',
      check: (value) =>
        typeof value === 'string' && value.length <= 2000
          ? undefined
          : 'must be a text of at most 2000 characters',
    },
    column: {
      initial: 'todo',
      check: (value) =>
        columns.includes(value as string) ? undefined : `must be one of ${columns.join(', ')}`,
    },
    // A soft reference: a device may send a card before the person it made for it.
    assignee: {
      initial: null,
      check: (value) => (value === null || isUuid(value) ? undefined : 'must be the id of a person, or null'),
    },
    votes: {
      initial: 0,
      check: (value) =>
        Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 1_000_000
          ? undefined
          : 'must be a whole number from 0 to 1,000,000',
    },
    position: {
      initial: 0,
      check: (value) => (Number.isFinite(value) ? undefined : 'must be a number'),
    },
  },
}

/** The house rule about "forbidden" is there to be broken: it shows what the page does with a refusal. */
function checkTitle(value: unknown): string | undefined {
  const wrong = checkText(value, 80)
  if (wrong) return wrong
  return /forbidden/i.test(value as string) ? 'must not contain the word “forbidden”' : undefined
}
