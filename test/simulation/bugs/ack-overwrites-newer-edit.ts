import type { Bug } from './bug'
import { all, busy, slow } from './worlds'

export const ackOverwritesNewerEdit: Bug = {
  name: 'ack-overwrites-newer-edit',
  patches: [
    {
      file: 'src/push/accept.ts',
      find: 'const remaining = await outbox.changes(later, tx)',
      replace: 'const remaining: Change[] = []',
    },
    {
      file: 'src/push/accept.ts',
      find: 'done: item.entries,',
      replace: 'done: [...item.entries, ...later],',
    },
  ],
  needs: all(busy, slow),
  noticedBy: 'Q1',
  seeds: { from: 6, within: 20 },
  unitTest: 'test/journeys/edit-during-push.test.ts',
}
