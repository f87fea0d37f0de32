import { type Control, tryOn } from './invariants/controls'
import { planted, tab } from './invariants/planted-history'
import { hygiene } from './invariants/q14-hygiene'

const stopped = (left: Record<string, number>) => {
  const plant = planted()
  plant.history.stops.push({ step: 1, tab, left })
  return plant
}

const controls: Control[] = [
  {
    invariant: hygiene,
    right: { 'a tab with nothing left': stopped({ timers: 0, transactions: 0 }) },
    wrong: {
      'a timer that is left': stopped({ timers: 1, transactions: 0 }),
      'a transaction that is open': stopped({ timers: 0, transactions: 1 }),
    },
  },
]

tryOn(controls)
