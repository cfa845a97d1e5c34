-- What is disputed of addresses and households, and what came of it (db/challenge.go). A challenge says what is wrong, with evidence; whoever
-- answers for the place accepts it, which writes the correction in the same transaction, or rejects it.

create table challenge (
  province       text collate "C" not null,
  id             bigint generated always as identity,
  kind           text collate "C" not null check (kind in ('not_a_house', 'nobody_lives_there', 'wrong_place', 'already_guided', 'duplicate')),
  address_scheme text collate "C",             -- what is disputed: an address,
  address_code   text collate "C",
  household_code text collate "C",             -- or a household
  other_scheme   text collate "C",             -- of a duplicate: the address that stays,
  other_code     text collate "C",             -- or the household that stays
  team_code      text collate "C",             -- of already_guided: who came
  day            date,                         -- since when it is so; of already_guided: when the team came; null: the day on which it was opened
  evidence       text,                         -- in the words of who opened it; null: taken out, with a household that was erased
  point          geometry(Point, 4326),        -- of wrong_place: the better one; else where the evidence was taken; null: not said
  status         text collate "C" not null check (status in ('open', 'accepted', 'rejected')),
  opened_at      timestamptz not null,
  issuer         text,                         -- who opened it, as the audit log has callers
  subject        text,
  system         boolean not null,
  primary key (province, id),
  check ((address_code is null) <> (household_code is null) and (address_code is null) = (address_scheme is null))
);
create index challenge_address on challenge (province, address_scheme, address_code);
create index challenge_household on challenge (province, household_code);

-- What became of a challenge, step by step. Nobody changes a step.
create table challenge_event (
  province     text collate "C" not null,
  challenge_id bigint      not null,
  number       integer     not null,           -- from 1
  action       text collate "C" not null check (action in ('opened', 'amended', 'accepted', 'rejected')),
  at           timestamptz not null,
  issuer       text,                           -- who
  subject      text,
  system       boolean     not null,
  words        text,                           -- the evidence as it was then, or the reason; null: none, or taken out
  primary key (province, challenge_id, number)
);

-- What accepted challenges changed, so that no older bundle brings back what was disputed (db/correction.go).
create table correction (
  province     text collate "C" not null,
  challenge_id bigint  not null,
  number       integer not null,
  what         text collate "C" not null check (what in ('address', 'household', 'visit')),
  scheme       text collate "C",               -- of an address
  code         text collate "C" not null,
  field        text collate "C" not null,      -- kind, position (longitude and latitude), surveyed_on, ended_on, address (scheme/code), outcome
  former       text,                           -- what stood there; null: nothing
  became       text,
  decided_on   date    not null,               -- in Vietnam
  primary key (province, challenge_id, number)
);
create index correction_of on correction (province, what, code);

-- whole_province tells whether the caller, who writes of one province, may of all of it: the setting vunglom.scope names no units.
create function whole_province() returns boolean language sql stable parallel safe as $$
  select nullif(current_setting('vunglom.scope', true), '')::jsonb -> 'units' is null
$$;

alter table challenge enable row level security;
alter table challenge_event enable row level security;
alter table correction enable row level security;

-- Who sees persons sees what is disputed of those that may be seen; figures count all.
create policy every on challenge for select to vunglom_decisions, vunglom_persons using (true);
create policy every on challenge_event for select to vunglom_persons using (true);
create policy every on correction for select to vunglom_persons using (true);
create policy within on challenge for select to vunglom_persons_within using (
  exists (select from address a where a.province = challenge.province and a.scheme = challenge.address_scheme and a.code = challenge.address_code)
  or exists (select from household h where h.province = challenge.province and h.code = challenge.household_code));
create policy within on challenge_event for select to vunglom_persons_within using (exists (
  select from challenge c where c.province = challenge_event.province and c.id = challenge_event.challenge_id));
create policy within on correction for select to vunglom_persons_within using (exists (
  select from challenge c where c.province = correction.province and c.id = correction.challenge_id));

-- Who opens finds the addresses and households of the own units, and changes own challenges alone.
create policy dispute on address for select to vunglom_dispute
  using (province = (select write_province()) and ((select whole_province()) or place_id = any ((select scope_place())::bigint[])));
create policy dispute on household for select to vunglom_dispute
  using (province = (select write_province()) and ((select whole_province()) or place_id = any ((select scope_place())::bigint[])));
create policy dispute on challenge to vunglom_dispute using (province = (select write_province()));
create policy dispute on challenge_event to vunglom_dispute using (province = (select write_province()));

-- Who resolves corrects the addresses and households of the own units, and moves none out of them. Figures are made of all rows.
create policy resolve_read on address for select to vunglom_resolve using (true);
create policy resolve_read on household for select to vunglom_resolve using (true);
create policy resolve_read on visit for select to vunglom_resolve using (true);
create policy resolve_read on adoption for select to vunglom_resolve using (true);
create policy resolve_read on erased for select to vunglom_resolve using (true);
create policy resolve_read on member for select to vunglom_resolve using (true);
create policy resolve on address for update to vunglom_resolve
  using (province = (select write_province()) and ((select whole_province()) or place_id = any ((select scope_place())::bigint[])));
create policy resolve on household for update to vunglom_resolve
  using (province = (select write_province()) and ((select whole_province()) or place_id = any ((select scope_place())::bigint[])));
create policy resolve on visit for insert to vunglom_resolve with check (province = (select write_province()) and exists (
  select from household h where h.province = visit.province and h.code = visit.household_code
    and ((select whole_province()) or h.place_id = any ((select scope_place())::bigint[]))));
create policy resolve on publication to vunglom_resolve using (province = (select write_province()));
create policy resolve on place_cell to vunglom_resolve using (province = (select write_province()));
create policy resolve on challenge to vunglom_resolve using (province = (select write_province()) and ((select whole_province())
  or exists (select from address a where a.province = challenge.province and a.scheme = challenge.address_scheme and a.code = challenge.address_code
    and a.place_id = any ((select scope_place())::bigint[]))
  or exists (select from household h where h.province = challenge.province and h.code = challenge.household_code
    and h.place_id = any ((select scope_place())::bigint[]))));
create policy resolve on challenge_event to vunglom_resolve using (province = (select write_province()));
create policy resolve on correction to vunglom_resolve using (province = (select write_province()));

-- What is disputed of a household goes with it.
create policy erase on challenge to vunglom_erasure using (array[province, '*'] && (select province_scope())::text[]);
create policy erase on challenge_event to vunglom_erasure using (array[province, '*'] && (select province_scope())::text[]);
create policy erase on correction to vunglom_erasure using (array[province, '*'] && (select province_scope())::text[]);
