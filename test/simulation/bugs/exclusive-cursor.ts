import { fairServer } from '../server-weather'
import type { Bug } from './bug'

/** Rows that share the last time of a page are passed over where the server compares with `>`. */
export const exclusiveCursor: Bug = {
  name: 'exclusive-cursor',
  patches: [
    {
      file: 'src/protocol/rest/keyset.ts',
      find: 'options.key === undefined ? beforeLastValue(places) : places.at(-1)',
      replace: 'places.at(-1)',
    },
  ],
  noticedBy: 'Q6',
  seeds: { from: 1, within: 12 },
  needs: (config) => ({
    ...config,
    pageSize: 1,
    server: { ...config.server, inclusive: false },
    serverWeather: { ...fairServer, ties: 0.8 },
  }),
  unitTest: 'test/protocol/rest/pull-keyset.test.ts',
}
