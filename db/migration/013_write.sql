-- Rows that are sent one by one (db/write.go), and the roles that may bring them in: grant.sql says which tables each of them may
-- write, the policies here which rows. All of them read all rows of persons, because a figure of some rows would be a wrong one.

-- write_province answers the province whose rows the caller writes, as the setting vunglom.scope has it.
create function write_province() returns text language sql stable parallel safe as $$
  select nullif(current_setting('vunglom.scope', true), '')::jsonb ->> 'province'
$$;

create policy written on household for select to vunglom_record, vunglom_record_within, vunglom_register using (true);
create policy written on visit for select to vunglom_record, vunglom_record_within, vunglom_register using (true);
create policy written on adoption for select to vunglom_record, vunglom_record_within, vunglom_register using (true);
create policy written on address for select to vunglom_record, vunglom_record_within, vunglom_register using (true);
create policy written on erased for select to vunglom_record, vunglom_record_within, vunglom_register using (true);
create policy written on member for select to vunglom_register using (true);

-- In a whole province.
create policy record on household for insert to vunglom_record with check (province = (select write_province()));
create policy record_anew on household for update to vunglom_record using (province = (select write_province()));
create policy record on visit for insert to vunglom_record with check (province = (select write_province()));
create policy record_anew on visit for update to vunglom_record using (province = (select write_province()));
create policy record on adoption for insert to vunglom_record with check (province = (select write_province()));
create policy record_anew on adoption for update to vunglom_record using (province = (select write_province()));

-- Of the households that live in the caller's units today.
create policy record_within on household for insert to vunglom_record_within
  with check (province = (select write_province()) and place_id = any ((select scope_place())::bigint[]));
create policy record_within_anew on household for update to vunglom_record_within
  using (province = (select write_province()) and place_id = any ((select scope_place())::bigint[]));
create policy record_within on visit for insert to vunglom_record_within
  with check (province = (select write_province()) and exists (select from household h
    where h.province = visit.province and h.code = visit.household_code and h.place_id = any ((select scope_place())::bigint[])));
create policy record_within_anew on visit for update to vunglom_record_within
  using (province = (select write_province()) and exists (select from household h
    where h.province = visit.province and h.code = visit.household_code and h.place_id = any ((select scope_place())::bigint[])));
create policy record_within on adoption for insert to vunglom_record_within
  with check (province = (select write_province()) and exists (select from household h
    where h.province = adoption.province and h.code = adoption.household_code and h.place_id = any ((select scope_place())::bigint[])));
create policy record_within_anew on adoption for update to vunglom_record_within
  using (province = (select write_province()) and exists (select from household h
    where h.province = adoption.province and h.code = adoption.household_code and h.place_id = any ((select scope_place())::bigint[])));

-- Addresses and members; a household moves with its address.
create policy register on address for insert to vunglom_register with check (province = (select write_province()));
create policy register_anew on address for update to vunglom_register using (province = (select write_province()));
create policy register on member for insert to vunglom_register with check (province = (select write_province()));
create policy register_anew on member for update to vunglom_register using (province = (select write_province()));
create policy register_anew on household for update to vunglom_register using (province = (select write_province()));

-- The sums of addresses by cell follow whatever is written.
create policy written on place_cell to vunglom_record, vunglom_record_within, vunglom_register using (province = (select write_province()));

-- Figures for everybody follow rows that are sent once a day: published after each, they would tell by how much one row changed them.
alter table publication add column due_on date;
comment on column publication.due_on is 'the first day in Vietnam on which rows were sent since; null: what is published is of what is stored';
