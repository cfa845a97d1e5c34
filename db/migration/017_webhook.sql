-- Systems that are told that there are changes (webhooks), and the outbox of what they are to be told. Both belong to the owner alone.

-- Durable: each system that a program which serves was told to tell, and what has become of it. Who tells of changes never waits for these rows.
create table webhook (
  consumer      text collate "C" primary key,      -- its client id
  kinds         text[]      not null,               -- of changes: coverage, report
  units         text[],                             -- in which coverage has to lie, as level:code of any province or province/level:code; null: anywhere
  told          bigint      not null default 0,     -- the latest change that it has been told of
  told_at       timestamptz,                        -- null: never
  delivered     bigint      not null default 0,     -- messages that it took
  failed        bigint      not null default 0,     -- attempts that failed
  attempts      int         not null default 0,     -- that have failed since it last took one
  failing_since timestamptz,                        -- the first of those; null: none
  failure       text,                               -- why the last of those failed: never what the system said
  next_at       timestamptz not null default '-infinity', -- it is left alone until then
  busy_until    timestamptz not null default '-infinity', -- a program is telling it until then, or has died
  ended         text check (ended in ('gone', 'given up')), -- it is told no more: it said so itself, or failed for too long; null: it is told
  ended_at      timestamptz
);

-- Durable: what each is to be told, written in the transaction that tells of the changes. A message says only that there are changes up to
-- one, so a later one replaces one that was not sent yet.
create table webhook_outbox (
  consumer   text collate "C" primary key references webhook on delete cascade,
  looked     bigint not null default 0, -- changes up to this have been looked at
  sequence   bigint not null default 0, -- the latest of them that it is told of; it is still to be told where this is more than webhook.told
  message    uuid,                       -- identifies the message that says so
  written_at timestamptz
);
