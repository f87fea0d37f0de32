import type { Key, Row } from '../../src/model/change'
import { isSyncError } from '../../src/model/error'
import type { DeadLetter } from '../../src/model/held'
import type { Device } from './device'
import type { CheckMoment, GivenUp, PushPromise, SignedOut } from './history'
import { keyText } from './storage'
import { isOfStorage } from './storage-weather'
import type { Tab, World } from './world'

/** The app waits until the server has a row, and notes what it was told. */
export async function whenPushed(
  world: World,
  tab: Tab,
  { table, pick }: { readonly table: string; readonly pick: number },
): Promise<void> {
  const rows = await tab.db.table<Row>(table).toArray()
  const row = rows[Math.floor(pick * rows.length)]
  if (!row) return
  const promise: PushPromise = {
    device: tab.device.name,
    tab: tab.name,
    table,
    birth: String(row.birth),
    askedAt: world.scheduler.steps,
    ...(rows.filter(({ birth }) => birth === row.birth).length > 1 && { twiceHere: true }),
  }
  world.history.promises.push(promise)
  const settle = (outcome: string) => {
    if (!tab.alive) return
    promise.settledAt = world.scheduler.steps
    promise.outcome = outcome
    world.scheduler.note(`${tab.name} whenPushed ${table} ${outcome}`)
  }
  await tab.engine.whenPushed(table, row.id as number | string).then(
    ({ outcome }) => settle(outcome),
    (error: unknown) => settle(isSyncError(error) ? error.code : String(error)),
  )
}

/** The app asks `check`, and what it finds is noted. */
export async function checkNow(world: World, tab: Tab, atRest: boolean): Promise<void> {
  const { history, scheduler } = world
  const moment: CheckMoment = { device: tab.device.name, tab: tab.name, askedAt: scheduler.steps, atRest }
  history.checks.push(moment)
  const found = await tab.engine.check().then(
    ({ findings }) =>
      findings.map(({ code, table, key, fields }) => JSON.stringify([code, table, key, fields])),
    // A database that fails under it is no finding.
    (error: unknown) =>
      !atRest && isOfStorage(error, world.struck)
        ? undefined
        : [isSyncError(error) ? error.code : String(error)],
  )
  if (!tab.alive || !found) return
  moment.found = found
  scheduler.note(`${tab.name} check ${found.length}`)
}

/** One check on every device, when all is quiet. */
export async function checkAll(world: World): Promise<void> {
  const { scheduler, history, devices } = world
  const first = history.checks.length
  for (const { tabs } of devices) {
    const tab = tabs.find((one) => one !== undefined)
    if (tab) world.call(tab, () => checkNow(world, tab, true))
  }
  const answered = () => history.checks.slice(first).filter(({ found }) => found).length === devices.length
  await scheduler.run(answered, { steps: 5_000, until: scheduler.now() + 60_000 })
}

/** Steps within which a call is over, where its tab is not there to tell. */
const killable = 400

/** Signs out whose data the device holds; where that is refused they stay. */
export async function signOut(
  world: World,
  tab: Tab,
  { pending, next }: { readonly pending: 'refuse' | 'push' | 'keep' | 'discard'; readonly next: string },
): Promise<void> {
  const { history, scheduler, logins } = world
  const { device } = tab
  // Noted before it is done: a kill in between leaves nobody to note it.
  const entry: SignedOut = { step: scheduler.steps + killable, device: device.name, user: ownerOf(device) }
  if (pending === 'discard') history.signedOut.push(entry)
  await tab.engine.signOut({ pending })
  entry.step = scheduler.steps
  if (!tab.alive) return
  scheduler.note(`${tab.name} signed out with ${pending}`)
  logins.logIn(device.name, next)
  await tab.engine.sync()
}

/** Whose data a device holds, as it is stored; undefined = nobody's. */
export function ownerOf({ storage }: Device): string | undefined {
  const row = storage.records('_sync_meta').find(({ value }) => value.name === 'identity')
  return row?.value.identity ? String(row.value.identity) : undefined
}

/** The record a key has named, also where its row is gone by now. */
function birthOf({ history }: World, { device }: Tab, table: string, key: Key): string | undefined {
  const changes = history.commits.flatMap((commit) => (commit.device === device.name ? commit.changes : []))
  const change = changes.filter((one) => one.store === table && keyText(one.key) === keyText(key)).at(-1)
  const birth = (change?.after ?? change?.before)?.birth
  return birth === undefined ? undefined : String(birth)
}

/** A person goes through what is held: what the server refused goes again or is given up, conflicts are settled. */
export async function lookAfter(world: World, tab: Tab, choice: number): Promise<void> {
  const { deadLetters, conflicts } = tab.engine
  for (const letter of await deadLetters.list()) {
    if (choice < 0.5) await deadLetters.retry(letter.id)
    else await giveUp(world, tab, letter)
  }
  for (const { id, state } of await conflicts.list())
    if (state === 'parked') await conflicts.resolve(id, choice < 0.5 ? 'local' : 'remote')
}

async function giveUp(world: World, tab: Tab, { id, table, key }: DeadLetter): Promise<void> {
  const { scheduler, history } = world
  const birth = birthOf(world, tab, table, key)
  // Noted before it is done: a kill in between leaves nobody to note it.
  const entry: GivenUp = { step: scheduler.steps + killable, device: tab.device.name, table, birth }
  history.givenUp.push(entry)
  await tab.engine.deadLetters.discard(id)
  entry.step = scheduler.steps
}
