-- The feed of changes for other systems: aggregates with their latest value, in the order in which that came about. It is written in the
-- transaction that changes the figures, and compacted: one row for each thing told. Whoever has read up to a sequence asks for what is
-- greater; whoever begins reads all of it once.

-- Its numbers are taken under one lock that is held until the end of the transaction (feed.go), so that no smaller one appears later.
create sequence change_sequence;

-- Derived: what is told.
create table change (
  province   text collate "C" not null,
  kind       text collate "C" not null, -- coverage, report
  level      text collate "C" not null,
  code       text collate "C" not null,
  valid_from date     not null,            -- of the unit; of a report, which names a code: -infinity
  day        date     not null,            -- the end of a month; of a report its own day
  measure    text collate "C" not null,    -- of a report; of coverage: ''
  source     text     not null,            -- the same
  within     text[]   not null,            -- of coverage: the units that it lies in on the day, itself included, as province/level:code
  former     text[]   not null,            -- those that it was told to lie in before
  value      jsonb,                        -- as the API names it; null: it is no more
  sequence   bigint   not null unique,     -- of the latest change
  primary key (province, kind, level, code, valid_from, day, measure, source)
);

-- Derived: of which counts the coverage of a month end was told.
create table change_day (
  province text collate "C" not null,
  day      date    not null,
  digest   bytea   not null, -- SHA-256
  primary key (province, day)
);
