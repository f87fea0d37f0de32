import Dexie, { type Table } from 'dexie'
import { defineRoutes, resource, startSync } from 'dexie-rest-sync'

/** What the page tells once it has written, pushed and pulled, or of what went wrong. */
export interface Told {
  readonly rows: readonly { readonly id: string; readonly text: string }[]
  /** Directives that were violated. */
  readonly violations: readonly string[]
  readonly error?: string
}

const violations: string[] = []
document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective))

const asked = new URLSearchParams(location.search)
const db = new Dexie('policy') as Dexie & { notes: Table<{ id: string; text: string }, string> }
db.version(1).stores({ notes: 'id, updated_at' })

/** The app as it would be, from the first write to rows of others; with `eval` also what the policy is there for. */
async function live(): Promise<void> {
  const sync = startSync(db, {
    baseUrl: asked.get('api') ?? '',
    routes: defineRoutes({ notes: resource('/api/notes') }),
  })
  await sync.start()
  await db.notes.add({ id: 'made', text: 'made here' })
  await sync.whenPushed('notes', 'made')
  await db.notes.update('made', { text: 'changed here' })
  await sync.whenInSync()
  if (asked.has('eval')) new Function('return 1')()
}

const error = await live().then(
  () => undefined,
  (thrown: unknown) => String(thrown),
)
const rows = await db.notes.orderBy('id').toArray()
const told: Told = { rows, violations, ...(error === undefined ? {} : { error }) }
await fetch('/told', { method: 'POST', body: JSON.stringify(told) })
