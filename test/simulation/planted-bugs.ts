import type { DBCoreMutateRequest, DBCoreMutateResponse, DBCoreTable, Dexie } from 'dexie'
import type { Environment } from '../../src/environment'
import type { Row } from '../../src/model/change'
import type { Swarm } from './swarm'
import type { StartEngine } from './world'

/**
 * Ways to break the library from outside, each as a bug in it would: the simulation must find every one of them. A
 * simulation that is silent proves nothing until it has spoken.
 */
export interface PlantedBug {
  readonly name: string
  /** The invariant that must notice, by the beginning of its name. */
  readonly noticedBy: string
  /** How many seeds it may take. */
  readonly within: number
  /** What the bug needs to show: faults it hides behind. */
  readonly needs?: (config: Swarm) => Swarm
  readonly plant: (start: StartEngine) => StartEngine
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'an entry now and then goes missing in capture',
    noticedBy: 'Q11',
    within: 3,
    plant: onWrites('_sync_log', (write, request, nth) =>
      nth % 4 === 0 ? pretend(request) : write(request),
    ),
  },
  {
    // What a kill must fall into, between two commits: the reason why kills are indexed by step.
    name: 'entries are written when the row has committed, not with it',
    noticedBy: 'Q1',
    within: 10,
    needs: killing,
    plant: onWrites('_sync_log', async (write, request) => {
      if (request.type !== 'add') return write(request)
      const { values } = request
      const { db } = request.trans as IDBTransaction
      ;(request.trans as IDBTransaction).addEventListener('complete', () => {
        const store = db.transaction('_sync_log', 'readwrite').objectStore('_sync_log')
        for (const value of values) store.add(value)
      })
      return pretend(request)
    }),
  },
  {
    name: 'a retry has a new Idempotency-Key',
    noticedBy: 'Q3',
    within: 10,
    needs: losingAnswers,
    plant: onRequests((send, request, environment) => {
      if (request.headers.has('idempotency-key')) request.headers.set('idempotency-key', environment.uuid())
      return send(request)
    }),
  },
  {
    name: 'a change is taken for accepted that never left',
    noticedBy: 'Q1',
    within: 3,
    plant: onRequests(async (send, request) => {
      if (request.method !== 'PATCH' && request.method !== 'PUT') return send(request)
      return new Response(null, { status: 204 })
    }),
  },
  {
    name: 'every write is sent twice at once',
    noticedBy: 'Q10',
    within: 3,
    plant: onRequests((send, request) => {
      if (request.method !== 'GET') send(request.clone()).catch(() => {})
      return send(request)
    }),
  },
  {
    name: 'a page loses a row',
    noticedBy: 'Q6',
    within: 10,
    plant: onWrites('posts', (write, request, nth) =>
      isFromServer(request) && nth % 3 === 0 ? pretend(request) : write(request),
    ),
  },
  {
    name: 'whoever is logged in sends what is there',
    noticedBy: 'Q12',
    within: 10,
    needs: (config) => ({
      ...config,
      severalUsers: true,
      disruption: 0.25,
      logins: { ...config.logins, needed: true },
    }),
    plant: (start) => (db, environment, config, app) =>
      start(db, environment, config, { ...app, identity: () => 'everybody' }),
  },
]

function killing(config: Swarm): Swarm {
  return { ...config, disruption: 0.4 }
}

function losingAnswers(config: Swarm): Swarm {
  return {
    ...config,
    server: { ...config.server, idempotent: true },
    weather: { ...config.weather, rates: { 'drop-response': 0.25 } },
  }
}

type Send = (request: Request) => Promise<Response>

/** Stands between the library and the network. */
function onRequests(meddle: (send: Send, request: Request, environment: Environment) => Promise<Response>) {
  return (start: StartEngine): StartEngine =>
    (db, environment, config, app) => {
      const fetch: Send = (request) => meddle(environment.fetch, request, environment)
      return start(db, { ...environment, fetch }, config, app)
    }
}

type Write = (request: DBCoreMutateRequest) => Promise<DBCoreMutateResponse>

/** `nth` counts the writes of this tab to the store, from 1. */
type Meddle = (write: Write, request: DBCoreMutateRequest, nth: number) => Promise<DBCoreMutateResponse>

/** Stands between the library and one store, below capture. */
function onWrites(store: string, meddle: Meddle) {
  return (start: StartEngine): StartEngine =>
    (db: Dexie, environment, config, app) => {
      let nth = 0
      const wrap = (table: DBCoreTable): DBCoreTable => ({
        ...table,
        mutate: (request) => meddle((honest) => table.mutate(honest), request, ++nth),
      })
      db.use({
        stack: 'dbcore',
        level: 0.5,
        name: 'planted-bug',
        create: (below) => ({
          ...below,
          table: (name) => (name === store ? wrap(below.table(name)) : below.table(name)),
        }),
      })
      return start(db, environment, config, app)
    }
}

/** True for rows the server has stamped. */
function isFromServer(request: DBCoreMutateRequest): boolean {
  return 'values' in request && request.values.some((row: Row) => row.updated_at !== undefined)
}

/** Answers as if it had been written. */
async function pretend(request: DBCoreMutateRequest): Promise<DBCoreMutateResponse> {
  const count = 'values' in request ? request.values.length : 0
  const results = Array.from({ length: count }, (_, i) => 1_000_000 + i)
  return { numFailures: 0, failures: {}, lastResult: results.at(-1), results }
}
