import type { CheckFinding, CheckOptions, CheckReport, ServerCheck } from '../model/check'
import { type Ledger, ledgerTables } from '../outbox/ledger'
import type { Desk } from './desk'
import { judgeEntries } from './entry-rules'
import { readStored } from './read-stored'
import { judgeRow } from './row-rule'
import { compareTable } from './server'
import type { Found } from './stored'
import { checkTexts } from './texts'

/** Looks at one moment of the database, in whichever tab, then at the server where it is asked to. */
export async function check(
  ledger: Ledger,
  desk: Desk,
  table?: string,
  { rows = false, server = false }: CheckOptions = {},
): Promise<CheckReport> {
  const names = table === undefined ? [...ledger.tables.keys()] : [table]
  const here = await checkStored(ledger, names, table, rows)
  if (!server) return here
  const compared: Record<string, ServerCheck> = {}
  const findings = [...here.findings]
  for (const name of names) {
    const made = await compareTable(ledger, desk, name, rows)
    compared[name] = made.server
    findings.push(...made.findings)
  }
  const whole = Object.values(compared).every((one) => 'listed' in one || one.why === 'not-pulled')
  return { ok: whole && findings.length === 0, checked: here.checked, findings, server: compared }
}

function checkStored(
  ledger: Ledger,
  names: readonly string[],
  table: string | undefined,
  rows: boolean,
): Promise<CheckReport> {
  return ledger.storage.read([...ledgerTables, ...names], async (tx) => {
    const checked: Record<string, number> = {}
    for (const name of names) checked[name] = await tx.count(name)
    const stored = await readStored(tx, ledger, names)
    const found = [...stored.records.flatMap(judgeRow), ...judgeEntries(stored)]
    const findings = found
      .filter((one) => table === undefined || one.table === table)
      .map((one) => asFinding(one, rows))
    return { ok: findings.length === 0, checked, findings }
  })
}

function asFinding({ rows, ...found }: Found, show: boolean): CheckFinding {
  return { ...found, ...checkTexts[found.code], ...(show && rows && { rows }) }
}
