import { migrateKept } from '../outbox/migrate-kept'
import { Office } from './office'
import type { OfficeParts } from './office-parts'
import type { TabParts } from './tab-parts'

/** The term a tab was elected for. */
interface Elected {
  readonly epoch: number
  /** The leader before was overtaken, not gone. */
  readonly stolen: boolean
  readonly lost: AbortSignal
}

/** Heard by the tab: its office can be asked from now on, or no more. */
interface Doors {
  readonly open: (office: Office) => void
  readonly close: () => void
}

/**
 * Leads until the term is lost, in a new office each time what others wrote was to be put away first. `outdated`: newer
 * code than this is here, and must lead.
 */
export async function holdOffice(
  parts: OfficeParts & Pick<TabParts, 'tables'>,
  { epoch, stolen, lost }: Elected,
  { open, close }: Doors,
): Promise<'outdated' | undefined> {
  for (let again = false; ; again = true) {
    if (!(await migrateKept(parts, epoch))) return 'outdated'
    await parts.identity.claim(parts, epoch, again)
    const office = new Office(epoch, stolen && !again, parts)
    try {
      const end = await office.serve(lost, () => open(office))
      if (end !== 'anew' || lost.aborted) return undefined
    } finally {
      close()
    }
  }
}
