import { useLiveQuery } from 'dexie-react-hooks'
import { useRef } from 'react'
import type { Card } from './board'
import { useDevice } from './use-board'

/** `place`: the key a card began with here. It stays when the server's key replaces a temporary one. */
export type PlacedCard = Card & { readonly place: number }

/**
 * All cards in their order; undefined while they are read. Given to React as the key, `place` keeps an input somebody
 * types into when the card gets its number from the server.
 */
export function useCards(): PlacedCard[] | undefined {
  const { db, sync } = useDevice()
  const places = useRef(new Map<number, number>())
  return useLiveQuery(async () => {
    const cards = await db.cards.toArray()
    for (const { id } of cards) if (!places.current.has(id)) places.current.set(id, id)
    for (const early of places.current.keys()) {
      const key = early < 0 ? await sync.resolveKey('cards', early) : undefined
      if (key !== undefined) places.current.set(Number(key), early)
    }
    return cards.sort(byPosition).map((card) => ({ ...card, place: places.current.get(card.id) ?? card.id }))
  }, [db, sync])
}

function byPosition(one: Card, other: Card): number {
  return one.position - other.position || one.id - other.id
}
