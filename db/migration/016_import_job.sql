-- Bundles that are sent over the API are imported one after another by the program that received them (db/job.go). A job outlives that
-- program here; the file does not.

create table import_job (
  id       bigint generated always as identity primary key,
  province text collate "C" not null,
  state    text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  program  text not null,      -- the one that has the file; while it lives it holds the advisory lock 'vunglom program ' || program
  sent_at  timestamptz not null default clock_timestamp(),
  began_at timestamptz,        -- as the announcements of its progress have it
  ended_at timestamptz,
  bytes    bigint  not null,   -- of the file
  dry_run  boolean not null,
  strict   boolean not null,
  step     text    not null default '', -- lately, or the last
  done     bigint  not null default 0,  -- of total in this step
  total    bigint  not null default 0,  -- 0: not known
  tables   jsonb,              -- what became of the rows, as the report of the command has it; null: nobody knows
  problems bigint  not null default 0,  -- how many rows of import_problem
  snapshot text,
  failed   text                -- why it did not land
);
create index import_job_province on import_job (province, id);
create index import_job_under_way on import_job (id) where state in ('waiting', 'running');

-- What was wrong with the rows of a bundle, in the order of its report.
create table import_problem (
  job      bigint not null references import_job on delete cascade,
  number   bigint not null, -- from 1
  province text collate "C" not null,
  in_table text   not null, -- empty: of the bundle
  file     text   not null,
  line     bigint not null,
  column_name text not null,
  value    text   not null,
  code     text   not null,
  message  text   not null,
  kept     boolean not null,
  primary key (job, number)
);

-- It tells of the provinces of the right that is asked under, whichever that is.
alter function erasure_scope() rename to province_scope;

alter table import_job enable row level security;
alter table import_problem enable row level security;
create policy import on import_job to vunglom_import using (array[province, '*'] && (select province_scope())::text[]);
create policy import on import_problem for select to vunglom_import using (array[province, '*'] && (select province_scope())::text[]);
create policy erase on import_problem to vunglom_erasure using (array[province, '*'] && (select province_scope())::text[]);
