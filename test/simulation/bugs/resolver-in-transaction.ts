import type { Bug } from './bug'

export const resolverInTransaction: Bug = {
  name: 'resolver-in-transaction',
  patches: [
    {
      file: 'src/outbox/undecided.ts',
      find: 'const told = asked < tries ? await ask(term, place, seen, signal) : null',
      replace: 'const told = {}',
    },
    {
      file: 'src/outbox/undecided.ts',
      find: 'if (!now || (told && !rests(now, seen))) return',
      replace: 'if (!now) return\n    told = await ask(term, place, now, new AbortController().signal)',
    },
  ],
  noticedBy: 'Q11',
  needs: (config) => ({ ...config, judgement: { asked: true, throws: 0, hangs: 0, garbage: 0 } }),
  seeds: { from: 2, within: 20 },
  unitTest: 'test/journeys/on-conflict.test.ts',
}
