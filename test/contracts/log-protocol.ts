import { isTemporary } from '../../src/keys/temporary'
import type { Key, Row } from '../../src/model/change'
import type { Page } from '../../src/model/checkpoint'
import { conflictRules } from '../../src/model/conflict-options'
import type { Policy } from '../../src/model/conflict-rules'
import type { FenceItem } from '../../src/model/entry'
import type { Outcome, Reason } from '../../src/model/outcome'
import type { SyncedTable } from '../../src/model/table'
import type { Protocol, PullAnswer } from '../../src/protocol/protocol'
import { classify, type Verdict } from '../../src/transport/classify'
import type { Http } from '../../src/transport/http'
import type { Fault, LogPage, Mutation } from './log-server'

const json = { 'content-type': 'application/json' }

const table = (name: string, keys: 'server' | 'client', policy: Policy): SyncedTable => ({
  name,
  keys,
  keyPath: 'id',
  push: true,
  pull: 'everything',
  verify: 'none',
  serverFields: [],
  conflicts: conflictRules({ policy }),
})

/**
 * As unlike REST as it gets: pulls first, one number is the checkpoint of the whole database, a batch goes through
 * whole or not at all, and whether it did is learnt from the next page.
 */
export function logProtocol({
  http,
  now,
  policy,
}: {
  http: Http
  now: () => number
  policy: Policy
}): Protocol {
  const reason = (code: Reason['code'], message?: string): Reason => ({
    code,
    at: now(),
    ...(message !== undefined && { message }),
  })
  return {
    order: 'pull-first',
    tables: [table('posts', 'server', policy), table('notes', 'client', policy)],
    scopes: [{ name: 'everything', tables: ['posts', 'notes'] }],
    batch: { mode: 'all-or-nothing', size: 4 },
    guarded: () => false,
    canRead: () => false,

    freeze: (items) => ({
      method: 'POST',
      url: '/api/push',
      headers: json,
      body: JSON.stringify({ mutations: items.map(asMutation) }),
    }),

    async push(request, items, { id, signal }) {
      const headers = { ...request.headers, 'idempotency-key': id }
      const answer = await http.exchange({ ...request, headers }, signal)
      const verdict = classify(answer)
      if (verdict.kind !== 'ok' || answer.kind !== 'answered' || answer.body.kind !== 'json')
        return items.map(() => failed(verdict, reason))
      const { faults } = answer.body.value as { faults?: readonly Fault[] }
      if (!faults)
        return items.map(() => ({
          kind: 'unknown',
          reason: reason('unknown-outcome'),
          spends: false,
          awaitsPull: true,
        }))
      return items.map((_, index) =>
        outcomeOf(
          faults.find((one) => one.index === index),
          reason,
        ),
      )
    },

    async pull(_, checkpoint, { limit, signal }): Promise<PullAnswer> {
      const url = `/api/pull?since=${Number(checkpoint ?? 0)}&limit=${limit}`
      const answer = await http.exchange({ method: 'GET', url }, signal)
      const verdict = classify(answer)
      if (verdict.kind !== 'ok' || answer.kind !== 'answered' || answer.body.kind !== 'json')
        return { kind: 'failed', reason: reason('code' in verdict ? verdict.code : 'bad-answer') }
      return { kind: 'page', page: asPage(answer.body.value as LogPage) }
    },
  }
}

function asMutation({ table, kind, key, row, base }: FenceItem): Mutation {
  const id = isTemporary(key) ? {} : { id: key as string | number }
  if (kind === 'delete') return { table, kind, ...id }
  if (kind === 'create') return { table, kind, ...id, set: without(row!, isTemporary(key) ? ['id'] : []) }
  const changed = Object.keys(row!).filter(
    (field) => JSON.stringify(row![field]) !== JSON.stringify(base?.[field]),
  )
  const unset = Object.keys(base ?? {}).filter((field) => !(field in row!))
  return { table, kind, ...id, set: only(row!, changed), unset, was: only(base!, [...changed, ...unset]) }
}

function only(row: Row, fields: readonly string[]): Row {
  return Object.fromEntries(fields.map((field) => [field, row[field]]))
}

function without(row: Row, fields: readonly string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([field]) => !fields.includes(field)))
}

/** Nothing of a refused batch was applied; only what is at fault is to blame. */
function outcomeOf(
  fault: Fault | undefined,
  reason: (code: Reason['code'], message?: string) => Reason,
): Outcome {
  if (!fault)
    return { kind: 'retry', reason: reason('rejected', 'another change of its batch'), spends: false }
  if (fault.row === undefined) return { kind: 'rejected', reason: reason('rejected', fault.message) }
  return { kind: 'conflict', remote: fault.row, reason: reason('conflict', fault.message) }
}

function failed(verdict: Verdict, reason: (code: Reason['code']) => Reason): Outcome {
  if (verdict.kind === 'retry' || verdict.kind === 'unknown') {
    const { code, ...rest } = verdict
    return { ...rest, reason: reason(code) } as Outcome
  }
  return { kind: 'rejected', reason: reason(verdict.kind === 'rejected' ? verdict.code : 'bad-answer') }
}

function asPage({ rev, more, writes, applied }: LogPage): Page {
  const newest = new Map(writes.map((write) => [`${write.table} ${write.id}`, write]))
  const of = (name: string) => [...newest.values()].filter((write) => write.table === name)
  return {
    more,
    checkpoint: rev,
    changes: ['posts', 'notes'].map((name) => ({
      table: name,
      rows: of(name).flatMap(({ row }) => (row ? [row] : [])),
      deleted: of(name).flatMap(({ id, row }) => (row ? [] : [id as Key])),
    })),
    acknowledged: applied.map(({ batch, ids }) => ({
      id: batch,
      outcomes: ids.map((key) => ({ kind: 'accepted', key })),
    })),
  }
}
