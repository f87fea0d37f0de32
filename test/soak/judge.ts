import type { Account, Ledger } from './ledger'
import type { SoakTable } from './told'
import type { History, Witness } from './witness'

export type Rows = Readonly<Record<SoakTable, readonly Readonly<Record<string, unknown>>[]>>

/** One row with all that was meant to happen to it, and all that did. */
interface Case {
  readonly name: string
  /** Oldest first. */
  readonly accounts: readonly Account[]
  readonly history: History | undefined
  /** As it is at the server now; undefined = deleted, or never there. */
  readonly row: Readonly<Record<string, unknown>> | undefined
  /** Whether this device was told of a conflict or a dead letter of the row, and codes of its dead letters. */
  told(device: string): readonly string[] | undefined
}

/** What is wrong with the end of a run at rest: writes that were lost, done twice, or done by nobody. */
export function judge(ledger: Ledger, witness: Witness, server: Rows): string[] {
  const told = ledger.told((table, key) => witness.markOf(table, key))
  const accounts = ledger.accounts()
  const rows = new Map<string, Readonly<Record<string, unknown>>>()
  for (const row of server.cards) rows.set(`cards ${row.title}`, row)
  for (const row of server.people) rows.set(`people ${row.id}`, row)
  const names = new Set([...accounts.keys(), ...rows.keys()])
  const doubled = server.cards.length + server.people.length - rows.size
  const faults = [...names].flatMap((name) => {
    const [table, ...mark] = name.split(' ') as [SoakTable, ...string[]]
    return judgeCase({
      name,
      accounts: accounts.get(name) ?? [],
      history: witness.historyOf(table, mark.join(' ')),
      row: rows.get(name),
      told: (device) => told.get(`${device} ${name}`),
    })
  })
  return doubled > 0 ? [...faults, `${doubled} rows are at the server twice`] : faults
}

function judgeCase(one: Case): string[] {
  const { name, accounts, history, row } = one
  const wrong: string[] = []
  const deletes = accounts.filter(({ does }) => does === 'delete')
  const codes = accounts.flatMap(({ device }) => one.told(device) ?? [])
  if (history && history.created > 1) wrong.push(`${name} was made ${history.created} times`)
  if (accounts.length === 0) wrong.push(`${name} was made by nobody`)
  if (row && deletes.some(isDone)) wrong.push(`${name} was deleted and is there`)
  if (!row && history && deletes.length === 0) wrong.push(`${name} is gone and nobody has deleted it`)
  if (codes.some((code) => code !== 'rejected' || !name.includes('forbidden')))
    wrong.push(`${name} was refused: ${codes.join()}`)
  const lost = accounts.filter(isDone).filter((account) => !isAccountedFor(account, one))
  wrong.push(...lost.map(({ does, deed }) => `${name}: the ${does} of ${deed} is lost`))
  if (row && 'votes' in row) wrong.push(...judgeVotes(one, Number(row.votes)))
  return wrong
}

/** Additions are never overruled: those that were acknowledged are there, and no others but those nobody knows of. */
function judgeVotes({ name, accounts }: Case, votes: number): string[] {
  const cast = accounts.filter(({ does }) => does === 'vote')
  const least = cast.filter(isDone).length
  return votes < least || votes > cast.length
    ? [`${name} has ${votes} votes of ${least} to ${cast.length}`]
    : []
}

/** It reached the server, or the device was told otherwise, or it was written over before it left. */
function isAccountedFor(account: Account, { accounts, history, told, row }: Case): boolean {
  const { does, value, device, begun } = account
  if (does === 'delete') return row === undefined
  if (does === 'vote') return true // counted all together
  const reached = does === 'create' ? (history?.created ?? 0) > 0 : history?.values.has(value!)
  if (reached || told(device)) return true
  if (accounts.some((other) => other.does === 'delete')) return true
  return does === 'edit' && accounts.some((other) => other !== account && writesOver(other, device, begun))
}

function writesOver({ does, device, done, begun }: Account, by: string, after: number): boolean {
  return does === 'edit' && device === by && (done ?? begun) > after
}

function isDone({ done }: Account): boolean {
  return done !== undefined
}
