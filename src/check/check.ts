import type { CheckFinding, CheckOptions, CheckReport } from '../model/check'
import { type Ledger, ledgerTables } from '../outbox/ledger'
import { judgeEntries } from './entry-rules'
import { readStored } from './read-stored'
import { judgeRow } from './row-rule'
import type { Found } from './stored'
import { checkTexts } from './texts'

/** Looks at one moment of the database, in one transaction, in whichever tab. */
export function check(
  ledger: Ledger,
  table?: string,
  { rows = false }: CheckOptions = {},
): Promise<CheckReport> {
  const names = table === undefined ? [...ledger.tables.keys()] : [table]
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
