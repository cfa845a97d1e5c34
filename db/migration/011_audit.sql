-- Who has read rows of persons, and what was done to them by hand. Grants let it be added to (grant.sql), never changed; only the
-- owner's retention takes entries out.

create table audit_log (
  id      bigint generated always as identity primary key,
  at      timestamptz not null default clock_timestamp(),
  issuer  text    not null,           -- who vouched for the caller: "local" on the program's own machine
  subject text    not null,           -- the caller's name at the issuer
  system  boolean not null,           -- no person: another agency's system
  purpose text    not null,           -- as the caller said; empty: nothing was said
  entry   text    not null,           -- what was asked: a field, a route, a command
  filter  jsonb   not null,           -- for which rows
  rows    bigint                      -- how many were answered; null: a list begins that is passed on as it is read, and an entry with their number follows
);
create index audit_log_at on audit_log (at);
create index audit_log_subject on audit_log (subject, id);
