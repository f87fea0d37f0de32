import type { CheckCode } from '../model/check'

/** What is said of each finding, and what can be done about it. */
export const checkTexts: Readonly<Record<CheckCode, { readonly message: string; readonly fix: string }>> = {
  'row-differs': {
    message: 'the row is not what the server has with the waiting changes on top: it was written past sync',
    fix: 'write it once more through the database sync was started on, or discard(table, key)',
  },
  'row-missing': {
    message: 'changes of the row wait, but it is not here: it was removed past sync',
    fix: 'put the row once more, through the database sync was started on; or discard(table, key)',
  },
  'row-remains': {
    message: 'the deletion of the row waits, but it is here: it was written past sync',
    fix: 'delete it once more, or put it through the database sync was started on',
  },
  'orphan-row': {
    message: 'the row has a temporary key and no change that would create it at the server',
    fix: 'add it anew without a key and delete this one; or delete it where the server has it under its own key',
  },
  'not-routed': {
    message: 'changes of the row wait, but its table has no route that sends them',
    fix: 'give the table a route with push; discarding them takes one as well',
  },
  'fence-without-entry': {
    message: 'a request was sent of which the changes are gone: sync tables were written by somebody else',
    fix: 'it is not sent again and does no harm; signOut() removes it',
  },
  'sent-twice': {
    message: 'two requests carry the same change: sync tables were written by somebody else',
    fix: 'look at the row at the server; the second request goes when the first was answered',
  },
  'wrong-identity': {
    message: 'a request carries changes of somebody else than whose data the database holds',
    fix: "signOut({ pending: 'push' }) removes the request; the changes stay for the login that made them",
  },
  'held-for-nobody': {
    message: 'a change is held under a dead letter or conflict that does not exist',
    fix: 'discard(table, key) gives it up; where nothing of the row waits, the next edit that is accepted frees it',
  },
  'letter-without-entry': {
    message: 'a dead letter holds no change: there is nothing to be sent again',
    fix: 'deadLetters.discard(id)',
  },
  'conflict-without-entry': {
    message: 'a parked conflict holds no change and no row',
    fix: "conflicts.resolve(id, 'remote')",
  },
  'state-without-entry': {
    message:
      'a row of the server is kept for changes that are gone: sync tables were written by somebody else',
    fix: 'resync(table) fetches what the server has',
  },
  'progress-without-log': {
    message: 'it is noted what became of changes that are gone: sync tables were written by somebody else',
    fix: 'nothing to do: nothing is read there any more',
  },
  differs: {
    message: 'the row is another at the server, though nothing waits here: it was written past sync',
    fix: 'resync(table) takes the row of the server; what was meant is to be written once more, through sync',
  },
  'missing-here': {
    message: 'the server has the row and this device has not: it was removed past sync',
    fix: 'resync(table) fetches it',
  },
  'missing-there': {
    message: 'the row is here only: it was written past sync, or the server has deleted it without a word',
    fix: 'resync(table) removes it; one the server is to have is to be added anew, through sync',
  },
  'alias-unfinished': {
    message: 'a temporary key stands for another temporary key',
    fix: 'it does no harm; signOut() removes it',
  },
}
