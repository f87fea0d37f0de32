import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { resolve } from '../../../src/merge/resolve'
import type { Told } from '../../../src/merge/told'
import type { LocalTimes } from '../../../src/merge/versions'
import { applyChanges } from '../../../src/outbox/coalesce'
import { changesTo } from '../edits'
import { type Edit, edited, edits, type Kind, kinds } from './edits'
import {
  type Case,
  expected,
  type FieldRule,
  type OnDelete,
  type Policy,
  type Row,
  type Ruling,
} from './oracle'

const policies: Policy[] = ['server-wins', 'client-wins', 'lww', 'merge', 'custom', 'park']
const onDeletes: (OnDelete | undefined)[] = [
  undefined,
  'edit-wins',
  'delete-wins',
  'server-wins',
  'client-wins',
  'park',
]
const rules: (FieldRule | undefined)[] = [undefined, 'client', 'server', 'counter', 'set-union', 'lww']
const rulings: (Ruling | undefined)[] = [
  undefined,
  null,
  'local',
  'remote',
  'park',
  { id: 'other', a: 'ruled', b: 'so' },
]

/** When the local change was made, beside a server's row of noon; null = one of the two times is not known. */
const times = [true, false, undefined]
const noon = Date.UTC(2030, 0, 1, 12)

describe('every pair of edits of a record of two fields, as the specification says', () => {
  for (const kind of kinds)
    for (const known of ['known', 'unknown', 'none'] as const)
      it(`${kind.name}, base ${known}`, () => {
        const count = { cases: 0, conflicts: 0 }
        for (const one of casesOf(kind, known)) {
          const verdict = expected(one)
          count.cases += 1
          if (verdict.kind !== 'agreed') count.conflicts += 1
          const got = seen(one)
          if (JSON.stringify(got) !== JSON.stringify(comparable(verdict)))
            expect(got, JSON.stringify(one)).toEqual(comparable(verdict))
        }
        expect(count.cases).toBeGreaterThan(1000)
        expect(count.conflicts).toBeGreaterThan(500)
      })
})

it('the oracle stands alone', () => {
  const source = readFileSync(new URL('./oracle.ts', import.meta.url), 'utf8')
  expect(source).not.toMatch(/^import|require\(|import\(/m)
  expect(readdirSync(new URL('.', import.meta.url))).toContain('oracle.ts')
})

function* casesOf(kind: Kind, known: 'known' | 'unknown' | 'none'): Generator<Case> {
  const base: Row = { id: 'k', rev: 1, ...kind.base }
  for (const mine of edits)
    for (const theirs of edits)
      for (const granularity of ['field', 'row'] as const)
        for (const policy of policies)
          for (const onDelete of mine === 'delete' || theirs === 'delete' ? onDeletes : [undefined])
            for (const rule of rulesFor(policy, granularity, known))
              for (const localIsLater of policy === 'lww' || rule === 'lww' ? times : [undefined])
                for (const ruling of policy === 'custom' || rule === undefined ? rulings : [undefined])
                  yield {
                    base: known === 'known' ? base : known === 'none' ? null : undefined,
                    local: sideOf(base, mine, kind.mine, kind.both, 1),
                    remote: sideOf(base, theirs, kind.theirs, kind.both, 2),
                    policy,
                    granularity,
                    ...(onDelete && { onDelete }),
                    ...(rule && { fields: { a: rule } }),
                    ...(localIsLater !== undefined && { localIsLater }),
                    ...(ruling !== undefined && { ruling }),
                  }
}

function sideOf(base: Row, edit: Edit, values: Row, both: unknown, rev: number): Row | null {
  const row = edited(base, edit, values, both)
  return row && { ...row, rev: edit === 'none' ? 1 : rev }
}

/** Rules of fields go only with policies that decide by field, and only where there is a base to speak of. */
function rulesFor(policy: Policy, granularity: 'field' | 'row', known: string): (FieldRule | undefined)[] {
  const wholeRows = policy === 'custom' || policy === 'park' || granularity === 'row'
  return wholeRows || known !== 'known' ? [undefined] : rules
}

/** What the library makes of it. */
function seen(one: Case) {
  const { base, local, remote, ruling, localIsLater } = one
  const localTimes: LocalTimes | undefined =
    localIsLater === undefined ? undefined : madeAt(noon + (localIsLater ? 1 : -1))
  const versions = { base, local, remote, ...(localTimes && { localTimes }) }
  const waiting = changesTo(base, local)
  const told: Told = { ...(ruling !== undefined && { ruling }), remoteChangedAt: noon }
  const made = resolve(versions, applyChanges(remote, waiting), rulesOf(one), told)
  const parks = made.conflict?.decision === 'parked'
  // A row made here waits as the app made it; what it says in fields of the server returns when it is settled.
  const waitsAsMade = made.waiting === 'keep' && !parks && !base
  const row = waitsAsMade && made.row && remote ? { ...made.row, rev: remote.rev } : made.row
  return {
    kind: !made.conflict ? 'agreed' : parks ? 'parked' : 'decided',
    row: sorted(row),
    sends: !parks && made.waiting !== 'drop',
  }
}

function madeAt(time: number): LocalTimes {
  const stamp = { time, count: 0, node: 'tab' }
  return { row: stamp, fields: { a: stamp, b: stamp } }
}

function rulesOf({ policy, granularity, onDelete, fields = {} }: Case) {
  return {
    keyPath: 'id',
    serverFields: ['rev'],
    conflicts: { policy, granularity, fields, timeout: 10_000, ...(onDelete && { onDelete }) },
  }
}

function comparable({ kind, row, sends }: ReturnType<typeof expected>) {
  return { kind, row: sorted(row), sends }
}

function sorted(row: Row | null): Row | null {
  return row && Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))
}
