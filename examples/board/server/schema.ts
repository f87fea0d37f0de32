import type { PoolClient } from 'pg'

/**
 * Deleted rows stay as tombstones (`deleted_at`), so that a device that was offline learns of the deletion.
 * `clocks` hands out `updated_at`, see `commit-clock.ts`.
 */
export async function createTables(transaction: PoolClient): Promise<void> {
  await transaction.query(`
    create table if not exists clocks (
      name text primary key,
      last bigint not null
    );
    insert into clocks values ('cards', 0), ('people', 0) on conflict do nothing;

    create table if not exists people (
      id uuid primary key,
      name text not null,
      hue integer not null,
      updated_at bigint not null unique,
      version integer not null,
      deleted_at bigint
    );

    create table if not exists cards (
      id integer generated always as identity primary key,
      title text not null,
      notes text not null,
      "column" text not null,
      assignee uuid,
      votes integer not null default 0,
      position double precision not null,
      updated_at bigint not null unique,
      version integer not null,
      deleted_at bigint
    );

    -- Boards from before there were votes.
    alter table cards add column if not exists votes integer not null default 0;

    create table if not exists idempotency_keys (
      key text primary key,
      fingerprint text not null,
      status integer not null,
      body json not null,
      created_at timestamptz not null default now()
    );
  `)
}
