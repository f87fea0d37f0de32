import type { ConflictOptions } from '../../model/conflict-rules'
import type { RateLimit } from '../../model/rate-limit'
import type { Verify } from '../../model/table'
import type { Route } from './routes'

/** What differs from the usual in a {@link resource}. */
export interface ResourceOptions {
  /** `PATCH` sends the changed fields (default), `PUT` whole rows. */
  readonly update?: 'PATCH' | 'PUT'
  /** As in {@link Route.key}. */
  readonly key?: 'server' | 'client'
  /** As in {@link Route.version}. */
  readonly version?: string
  /** The field with the time of a row's last change. Default: the first of `updatedAt`, `updated_at`, `modified` a row has. */
  readonly updatedAt?: string
  /** ms that are asked again; see `KeysetCheckpoint.overlap`. Default 10,000. */
  readonly overlap?: number
  /** As in {@link Route.serverFields}. */
  readonly serverFields?: readonly string[]
  /** As in {@link Route.conflicts}. */
  readonly conflicts?: ConflictOptions
  /** As in `PushRoutes.verify`. Default `pull`. */
  readonly verify?: Verify
  /** As in `PushRoutes.rateLimit`. Default: none. */
  readonly rateLimit?: RateLimit
  /** As in `CreateRoute.onUnknown`. Default `resend`. */
  readonly onUnknown?: 'resend' | 'park'
  /** As in `PullRoute.tombstone`. */
  readonly tombstone?: string | readonly string[] | false
}

/** Fields that usually hold the time of a row's last change. */
export const usualTimes = ['updatedAt', 'updated_at', 'modified'] as const

/**
 * The route of an ordinary REST resource: `POST url`, `PATCH url/:key`, `DELETE url/:key`, `GET url/:key` and
 * `GET url?updated_after=&limit=`. A slash at the end of `url` is kept on all of them.
 *
 * Answers are arrays, or under `data`, `items`, `rows` or `results`; deletions a truthy `deleted_at`, `deletedAt` or
 * `_deleted` in a row, or a `deleted` list of keys.
 */
export function resource(url: string, options: ResourceOptions = {}): Route {
  const { update = 'PATCH', onUnknown, verify, rateLimit, updatedAt, overlap, tombstone, ...rest } = options
  const record = url.endsWith('/') ? `${url}:key/` : `${url}/:key`
  return {
    push: {
      create: { method: 'POST', url, ...given({ onUnknown }) },
      update: { method: update, url: record },
      delete: { method: 'DELETE', url: record },
      ...given({ verify, rateLimit }),
    },
    pull: {
      method: 'GET',
      url,
      checkpoint: { type: 'keyset', field: updatedAt ?? usualTimes, ...given({ overlap }) },
      ...given({ tombstone }),
    },
    read: { url: record },
    ...rest,
  }
}

/** The options that are there: an absent one must stay absent, so that its default has one home. */
function given<T extends object>(options: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never
}
