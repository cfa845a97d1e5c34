-- What was erased, so that no bundle brings it back: hashes under a key that is not in the database (erase_key.go), because a list of
-- codes would be a list of those who wanted to be forgotten.

create table erased (
  province  text collate "C" not null,
  household bytea not null,        -- HMAC-SHA256 of its code
  address   bytea,                 -- HMAC-SHA256 of its address's scheme and code, whose label is left out; null: it had none
  primary key (province, household)
);

-- No row: nothing has been erased yet.
create table erasure_key (
  one      boolean primary key default true check (one),
  expected bytea not null          -- HMAC-SHA256 of a constant: another key gives another, and is refused
);

alter table published_day add column erased integer not null default 0 check (erased >= 0);
comment on column published_day.erased is 'how many households have been erased since the figures were made, which still stand: one of the day''s counts may be that much less by now';

-- erasure_scope answers the provinces in which the caller may erase, as the setting vunglom.scope has them; * means all.
create function erasure_scope() returns text[] language sql stable parallel safe as $$
  select coalesce(array_agg(p.province), '{}')
  from jsonb_array_elements_text(nullif(current_setting('vunglom.scope', true), '')::jsonb -> 'provinces') as p (province)
$$;

alter table erased enable row level security;
create policy erase on erased to vunglom_erasure using (array[province, '*'] && (select erasure_scope())::text[]);
create policy erase on household to vunglom_erasure using (array[province, '*'] && (select erasure_scope())::text[]);
create policy erase on visit to vunglom_erasure using (array[province, '*'] && (select erasure_scope())::text[]);
create policy erase on adoption to vunglom_erasure using (array[province, '*'] && (select erasure_scope())::text[]);
create policy erase on address to vunglom_erasure using (array[province, '*'] && (select erasure_scope())::text[]);
