import type { HealthCode } from '../model/health'

/** What is said of each issue, and what can be done about it. */
export const healthTexts: Readonly<Record<HealthCode, { readonly message: string; readonly fix: string }>> = {
  'queue-long': {
    message: 'many changes wait to be sent',
    fix: 'see the other issues for what holds them up; sync() sends what may leave',
  },
  'queue-old': {
    message: 'a change has waited long to be sent',
    fix: 'see the other issues for what holds it up; explain(table, key) tells of one row',
  },
  'dead-letters': {
    message: 'the server has refused changes',
    fix: 'show deadLetters.list() to somebody who can retry, edit or discard them',
  },
  'conflicts-parked': {
    message: 'conflicts wait for a decision',
    fix: 'show conflicts.list() to somebody who can resolve them',
  },
  'quarantined-rows': {
    message: 'rows of the server could not be applied and were set aside',
    fix: 'the quarantine event names table and reason: a missing or invalid key is the usual one; mend the backend or mapResponse, then pull anew',
  },
  'offline-long': {
    message: 'the server has not been reached for long',
    fix: 'check the connection; changes are kept and leave by themselves when it is back',
  },
  'server-failing': {
    message: 'the server answers with failures',
    fix: 'see getStatus().error and the log of the server; changes are kept and leave when it works again',
  },
  'auth-required': {
    message: 'nobody is logged in, so nothing is sent or fetched',
    fix: 'log in, then call start() or sync()',
  },
  'identity-changed': {
    message: 'the database holds the data of somebody else than who is logged in',
    fix: 'log in as before, or call signOut()',
  },
  outdated: {
    message: 'this tab runs older code than the database was last used with',
    fix: 'reload the page; changes are kept, and newer code sends them',
  },
  'never-synced': {
    message: 'some table has never been fetched to its end',
    fix: 'wait for the first sync, or see the other issues for what holds it up',
  },
  stale: {
    message: 'the rows of a table are older than they should be',
    fix: 'see the other issues for what holds up the pull; syncTable(table) asks at once',
  },
  paused: {
    message: 'sync is paused',
    fix: 'call resume() or resumeTable(table)',
  },
  'no-leader': {
    message: 'no tab syncs',
    fix: 'call start() in an open tab; one that was just closed or killed is succeeded within seconds',
  },
  'storage-low': {
    message: 'the storage of this origin is nearly full',
    fix: 'remove what is not needed; ask for navigator.storage.persist()',
  },
  'storage-failed': {
    message: 'the database cannot be used',
    fix: 'see getStatus().error; reload the page: nothing that was acknowledged is lost',
  },
  unavailable: {
    message: 'there is no IndexedDB here',
    fix: 'nothing to do on a server; sync runs in the browser',
  },
}
