import type { Bug } from './bug'
import { busy } from './worlds'

export const remoteWritesCaptured: Bug = {
  name: 'remote-writes-captured',
  patches: [
    {
      file: 'src/capture/middleware.ts',
      find: 'return captureCore(down, options)\n',
      replace: `
        const core = captureCore(down, options)
        const isPlain = (name: string) => options.tables.get(name)?.keys === 'client'
        below = { ...down, table: (name) => (isPlain(name) ? core : down).table(name) }
        return core
`,
    },
  ],
  needs: busy,
  noticedBy: 'Q7',
  seeds: { from: 1, within: 20 },
  unitTest: 'test/faults/b-pulls.test.ts',
}
