import { describe, expect, it } from 'vitest'
import { SyncError } from '../../src/model/error'
import type { HttpAnswer } from '../../src/transport/answer'
import { classify } from '../../src/transport/classify'
import type { Body } from '../../src/transport/reader'

const none: Body = { kind: 'none' }
const data: Body = { kind: 'json', value: { id: 1 } }
const page: Body = { kind: 'markup' }

function answered(status: number, body: Body = data, retryAfter?: number): HttpAnswer {
  return { kind: 'answered', status, body, ...(retryAfter === undefined ? {} : { retryAfter }) }
}

describe('what an answer means', () => {
  it.each<[string, HttpAnswer, unknown]>([
    ['200', answered(200), { kind: 'ok' }],
    ['201', answered(201), { kind: 'ok' }],
    ['204 (C12)', answered(204, none), { kind: 'ok' }],
    ['an empty 200 (C12)', answered(200, none), { kind: 'ok' }],
    ['a page with 200 (C10)', answered(200, page), { kind: 'retry', code: 'intercepted', spends: false }],
    [
      'text with 200 (C10)',
      answered(200, { kind: 'text', text: 'success' }),
      { kind: 'retry', code: 'intercepted', spends: false },
    ],
    [
      'cut JSON (C11)',
      answered(200, { kind: 'broken' }),
      { kind: 'unknown', code: 'bad-answer', spends: false },
    ],
    [
      'too many bytes (C14)',
      answered(200, { kind: 'too-large' }),
      { kind: 'unknown', code: 'answer-too-large', spends: false },
    ],
    ['400 (C5)', answered(400), { kind: 'rejected', code: 'rejected' }],
    ['422 (C5)', answered(422), { kind: 'rejected', code: 'rejected' }],
    ['405', answered(405), { kind: 'rejected', code: 'rejected' }],
    ['428 (C4)', answered(428), { kind: 'rejected', code: 'rejected' }],
    ['401', answered(401), { kind: 'retry', code: 'auth-required', spends: false }],
    ['403', answered(403), { kind: 'rejected', code: 'forbidden' }],
    ['a page with 403', answered(403, page), { kind: 'retry', code: 'intercepted', spends: false }],
    ['404 (C1)', answered(404), { kind: 'missing' }],
    ['410', answered(410, none), { kind: 'missing' }],
    ['a page with 404 (C1)', answered(404, page), { kind: 'retry', code: 'intercepted', spends: false }],
    ['409 (C2)', answered(409), { kind: 'conflict' }],
    [
      '409 of a key in use (C2)',
      answered(409, { kind: 'json', value: { type: 'https://x/idempotency-key-in-use' } }),
      { kind: 'unknown', code: 'server-busy', spends: false },
    ],
    ['412 (C3)', answered(412, none), { kind: 'conflict' }],
    ['413 (C6)', answered(413), { kind: 'rejected', code: 'too-large' }],
    ['a page with 413', answered(413, page), { kind: 'rejected', code: 'too-large' }],
    [
      '422 of a key used before (A12)',
      answered(422, { kind: 'json', value: { error: { code: 'idempotency_key_reused' } } }),
      { kind: 'rejected', code: 'key-reused' },
    ],
    ['408 (C7)', answered(408), { kind: 'retry', code: 'server-busy', spends: false }],
    ['425', answered(425), { kind: 'retry', code: 'server-busy', spends: false }],
    [
      '429 with a time (C7)',
      answered(429, none, 60_000),
      { kind: 'retry', code: 'server-busy', spends: false, pause: 60_000 },
    ],
    ['502', answered(502, page), { kind: 'unknown', code: 'server-busy', spends: false }],
    [
      '503 with a time (C7)',
      answered(503, page, 90_000),
      { kind: 'unknown', code: 'server-busy', spends: false, pause: 90_000 },
    ],
    ['504', answered(504), { kind: 'unknown', code: 'server-busy', spends: false }],
    ['500', answered(500, page), { kind: 'unknown', code: 'server-failed', spends: true }],
    ['507', answered(507), { kind: 'unknown', code: 'server-failed', spends: true }],
    ['511 of a portal', answered(511, page), { kind: 'retry', code: 'intercepted', spends: false }],
    ['308 (C13)', { kind: 'redirected', status: 308 }, { kind: 'retry', code: 'redirected', spends: false }],
    [
      '303, which may follow a deed',
      { kind: 'redirected', status: 303 },
      { kind: 'unknown', code: 'redirected', spends: false },
    ],
    [
      'a redirect the browser hides',
      { kind: 'redirected', status: 0 },
      { kind: 'unknown', code: 'redirected', spends: false },
    ],
    ['no login (C9)', { kind: 'auth-required' }, { kind: 'retry', code: 'auth-required', spends: false }],
    [
      'a request that never left (C15)',
      { kind: 'failed', code: 'network-failed', sent: false },
      { kind: 'retry', release: true, code: 'network-failed', spends: false },
    ],
    [
      'a request that may have arrived (C15)',
      { kind: 'failed', code: 'network-failed', sent: true },
      { kind: 'unknown', code: 'network-failed', spends: false },
    ],
    [
      'a time-out (A1)',
      { kind: 'failed', code: 'timeout', sent: true },
      { kind: 'unknown', code: 'timeout', spends: false },
    ],
    [
      'a stop',
      { kind: 'failed', code: 'stopped', sent: true },
      { kind: 'unknown', code: 'stopped', spends: false },
    ],
    [
      'an address outside baseUrl',
      { kind: 'unsendable', error: new SyncError('bad-config') },
      { kind: 'rejected', code: 'bad-config' },
    ],
    [
      'a header that cannot be sent (S6)',
      { kind: 'unsendable', error: new SyncError('user-code-failed') },
      { kind: 'retry', code: 'user-code-failed', spends: true, release: true },
    ],
  ])('%s', (_, answer, verdict) => {
    expect(classify(answer)).toEqual(verdict)
  })

  it('proves nothing where an earlier try of a burst may have been applied', () => {
    const busy: HttpAnswer = { ...answered(429), earlierSent: true }
    expect(classify(busy)).toMatchObject({ kind: 'unknown', code: 'server-busy' })
    const away: HttpAnswer = { kind: 'failed', code: 'network-failed', sent: false, earlierSent: true }
    expect(classify(away)).toEqual({ kind: 'unknown', code: 'network-failed', spends: false })
  })
})
