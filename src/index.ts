export type { SyncConfig } from './config'
export type { SyncEngine } from './engine/engine'
export type { ExplainedEntry, Explanation } from './engine/explain'
export type { SignOutOptions } from './engine/sign-out'
export type { Why } from './engine/why'
export type { ChangeKind, Key, Row } from './model/change'
export type {
  CheckCode,
  CheckFinding,
  CheckOptions,
  CheckReport,
  NotCompared,
  ServerCheck,
} from './model/check'
export type {
  ConflictAnswer,
  ConflictOptions,
  ConflictQuestion,
  FieldFunction,
  FieldRule,
  Granularity,
  OnConflict,
  OnDelete,
  Policy,
  RemoteClock,
} from './model/conflict-rules'
export type { SyncErrorCode } from './model/error'
export { isSyncError, SyncError, type SyncErrorType } from './model/error'
export type { PullResult, SyncCounts, SyncEventName, SyncEvents, SyncResult } from './model/event'
export type { Health, HealthCode, HealthIssue } from './model/health'
export type { Conflict, DeadLetter } from './model/held'
export type { SyncMetrics } from './model/metrics'
export type { Reason } from './model/outcome'
export type { RateLimit } from './model/rate-limit'
export type { MigrateOutbox, Migration } from './model/schema'
export type { SyncState, SyncStatus } from './model/status'
export type { Verify } from './model/table'
export type { Conflicts } from './outbox/conflicts'
export type { DeadLetters } from './outbox/dead-letters'
export type { PendingChange } from './outbox/pending'
export type { PushOutcome } from './outbox/when-pushed'
export type { Protocol } from './protocol/protocol'
export { type ResourceOptions, resource } from './protocol/rest/resource'
export type { PullContext, PullRoute, PushRoutes, Route, RouteChange, Routes } from './protocol/rest/routes'
export { defineRoutes } from './protocol/rest/routes'
export { startSync } from './sync'
