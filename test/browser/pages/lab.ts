import { type Stop, standStill, stopAt } from './stops'
import Dexie, { type Table } from 'dexie'
import { resource, type SyncEngine, startSync } from 'dexie-rest-sync'
