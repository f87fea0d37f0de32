import type { Card, ColumnName } from './board'
import { changeCard, moveCard, voteFor } from './edits'
import type { Device } from './use-board'

/** What the stage around the devices can ask of one: the same things a person does on it. */
export type Deed =
  | { readonly kind: 'network'; readonly on: boolean }
  | { readonly kind: 'change'; readonly id: number; readonly changes: Partial<Pick<Card, 'title' | 'notes'>> }
  | { readonly kind: 'move'; readonly id: number; readonly column: ColumnName }
  | { readonly kind: 'vote'; readonly id: number }
  /** Point at a card, or at none. */
  | { readonly kind: 'spotlight'; readonly id: number | undefined }
  /** The cards that neither wait nor are held. */
  | { readonly kind: 'settled-cards' }
  /** Sends and fetches; an error where that is not possible. */
  | { readonly kind: 'sync' }

/** Does what the stage asks, and answers when it is done. */
export function obeyStage(device: Device): void {
  window.addEventListener('message', ({ source, origin, data, ports: [port] }) => {
    if (source !== window.parent || origin !== location.origin || !port) return
    carryOut(data as Deed, device).then(
      (answer) => port.postMessage({ answer }),
      (error) => port.postMessage({ error: error instanceof Error ? error.message : String(error) }),
    )
  })
}

async function carryOut(deed: Deed, device: Device): Promise<unknown> {
  const { db, sync, network, spotlight } = device
  switch (deed.kind) {
    case 'network':
      return network.set(deed.on)
    case 'change':
      return changeCard(db, deed.id, deed.changes)
    case 'move':
      return moveCard(db, deed.id, deed.column)
    case 'vote':
      return voteFor(db, deed.id)
    case 'spotlight':
      return spotlight.point(deed.id)
    case 'settled-cards':
      return settledCards(device)
    case 'sync': {
      const { reason } = await sync.sync()
      if (reason) throw new Error(reason.message ?? reason.code)
    }
  }
}

async function settledCards({ db, sync }: Device): Promise<Card[]> {
  const unsettled = new Set((await sync.pending('cards')).map(({ key }) => key))
  return (await db.cards.orderBy('id').toArray()).filter(({ id }) => id > 0 && !unsettled.has(id))
}
