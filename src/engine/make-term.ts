import { Existing } from '../outbox/existing'
import { Origin } from '../outbox/origin'
import { Outbox } from '../outbox/outbox'
import type { Term } from '../outbox/term'
import { fullJitter, pastAsked } from '../push/backoff'
import type { OfficeParts } from './office-parts'

type Parts = Pick<
  OfficeParts,
  'env' | 'configured' | 'protocol' | 'storage' | 'aliases' | 'clock' | 'schema' | 'identity' | 'isPaused'
>

/** What is for the office to say as long as the term lasts. */
export type Word = Pick<
  Term,
  'epoch' | 'stolen' | 'over' | 'halted' | 'ours' | 'trouble' | 'authRequired' | 'emit'
>

/** One term of leadership, as push and pull know it. */
export function makeTerm(parts: Parts, word: Word): Term {
  const { env, configured, protocol, storage, aliases, clock, schema, identity } = parts
  return {
    ...word,
    env,
    storage,
    protocol,
    aliases,
    clock,
    schema,
    outbox: new Outbox(storage, aliases, env, clock, schema, identity.stored),
    tables: new Map(protocol.tables.map((table) => [table.name, table])),
    origin: new Origin(env.now, {
      own: (failures) => fullJitter(configured.settings.retryDelay(failures), env.random()),
      asked: (ms) => pastAsked(ms, env.random()),
    }),
    existing: new Existing(),
    settings: configured.settings,
    isPaused: (table) => parts.isPaused(table),
  }
}
