import { noCode } from './code-shape'
import { fairServer } from './server-weather'
import { type Swarm, tableShapes } from './swarm'

/** A world in which nothing goes wrong. Cases kept from earlier have none of what was thought of since. */
export const calm: Swarm = {
  devices: 1,
  tabs: 1,
  operations: 60,
  server: { tables: tableShapes(() => 'iso'), idempotent: true, envelope: 'array', inclusive: true },
  serverWeather: fairServer,
  routes: {},
  weather: { rates: {}, latency: 5, spells: [] },
  logins: { needed: false, expires: 0, throws: 0, hangs: 0 },
  judgement: { asked: false, throws: 0, hangs: 0, garbage: 0 },
  code: noCode,
  severalUsers: false,
  skews: [],
  pageSize: 50,
  concurrency: 4,
  batchSize: 50,
  interval: 30_000,
  disruption: 0,
  poison: 0,
  messageLoss: 0,
  messages: { late: 0, twice: 0 },
  splitBrain: false,
  locksApart: false,
  sliced: false,
  lateLocks: 0,
  stepCost: 0,
  deviceFaults: {},
  rareWrites: {},
}
