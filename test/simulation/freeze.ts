import type { Clockwork } from './perform-device'
import type { Tab, World } from './world'

/** Steps a freeze waits for transactions: as browsers do, it stops no tab in the middle of one. */
const patience = 1_000

/** Freezes tabs, each as soon as it has no transaction open, and thaws them together. */
export function freeze(
  { scheduler }: World,
  tabs: readonly Tab[],
  { lasting, told }: { readonly lasting: number; readonly told: boolean },
  { hooks, later }: Clockwork,
  struck: () => void,
): void {
  let over = false
  const freezeWhenIdle = (tab: Tab) =>
    hooks.when(
      () => tab.storage.isIdle(),
      patience,
      (idle) => {
        if (!idle || over || !tab.alive) return
        struck()
        scheduler.freeze(tab.name)
        scheduler.note(`${tab.name} frozen`)
      },
    )
  for (const tab of tabs) {
    if (!told) freezeWhenIdle(tab)
    else tab.environment.tell('freeze', () => freezeWhenIdle(tab))
  }
  later(lasting, `thaw:${tabs[0]?.name}`, () => {
    over = true
    for (const tab of tabs) {
      scheduler.thaw(tab.name)
      if (told) tab.environment.tell('thaw')
    }
  })
}
