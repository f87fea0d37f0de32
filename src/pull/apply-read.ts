import { checkEpoch } from '../outbox/leader-check'
import type { Term } from '../outbox/term'
import { Batch } from '../storage/batch'
import { arrivals, type Item } from './arrivals'
import { type Applied, carryOut } from './carry-out'
import { decide } from './decide'

/** Applies one record read by itself: as a page of one row that moves no checkpoint. */
export async function applyRead(term: Term, item: Item): Promise<void> {
  const tables = [
    '_sync_log',
    '_sync_progress',
    '_sync_records',
    '_sync_conflicts',
    '_sync_leader',
    '_sync_meta',
    item.table,
  ]
  let done: Applied[] = []
  await term.storage.write(tables, async (tx) => {
    done = []
    await checkEpoch(tx, term.epoch)
    await term.outbox.readTail(tx)
    const batch = new Batch()
    for (const arrival of await arrivals(tx, term, [item], false)) {
      const verdict = decide(arrival, term.tables.get(item.table)!)
      done.push(await carryOut(tx, batch, term, arrival, verdict))
    }
    await batch.flush(tx)
  })
  for (const { committed } of done) committed()
}
