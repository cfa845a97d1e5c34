-- Rows of persons are seen by the role that asks (act.go, grant.sql): the roles that answer figures see all of them, because a
-- figure of some rows would be a wrong one; the role of who may see persons in some units sees those of these units alone.

-- scope_place answers the places that lie in the caller's units on the day asked, as the setting vunglom.scope has them.
create function scope_place() returns bigint[] language sql stable parallel safe as $$
  with scope as (
    select (s.setting ->> 'day')::date as day, g.level, g.code, g.province
    from (select nullif(current_setting('vunglom.scope', true), '')::jsonb as setting) s
    cross join lateral jsonb_to_recordset(s.setting -> 'units') as g (level text, code text, province text)
  ),
  granted as (
    select s.day, u.province, u.id, u.level
    from scope s
    join unit u on u.level = s.level and u.code = s.code and (s.province is null or u.province = s.province) and u.valid @> s.day
  )
  select coalesce(array_agg(distinct p.place_id), '{}')
  from (
    select i.place_id from granted g join place_period i on i.province = g.province and i.province_id = g.id and i.period @> g.day where g.level = 'province'
    union all
    select i.place_id from granted g join place_period i on i.province = g.province and i.district_id = g.id and i.period @> g.day where g.level = 'district'
    union all
    select i.place_id from granted g join place_period i on i.province = g.province and i.commune_id = g.id and i.period @> g.day where g.level = 'commune'
    union all
    select i.place_id from granted g join place_period i on i.province = g.province and i.hamlet_id = g.id and i.period @> g.day where g.level = 'hamlet'
  ) p
$$;

alter table address enable row level security;
alter table household enable row level security;
alter table visit enable row level security;
alter table adoption enable row level security;
alter table member enable row level security;
alter table place_cell enable row level security; -- a cell may hold one address

create policy every on address for select to vunglom_aggregates, vunglom_decisions, vunglom_persons using (true);
create policy every on household for select to vunglom_aggregates, vunglom_decisions, vunglom_persons using (true);
create policy every on visit for select to vunglom_aggregates, vunglom_decisions, vunglom_persons using (true);
create policy every on place_cell for select to vunglom_persons using (true);
create policy every on adoption for select to vunglom_aggregates, vunglom_decisions, vunglom_persons using (true);
create policy every on member for select to vunglom_published, vunglom_aggregates, vunglom_decisions, vunglom_persons using (true);

-- The array is made once a statement, and finds rows by the indexes of place_id.
create policy within on address for select to vunglom_persons_within using (place_id = any ((select scope_place())::bigint[]));
create policy within on household for select to vunglom_persons_within using (place_id = any ((select scope_place())::bigint[]));
create policy within on place_cell for select to vunglom_persons_within using (place_id = any ((select scope_place())::bigint[]));
create policy within on visit for select to vunglom_persons_within using (exists (
  select from household h where h.province = visit.province and h.code = visit.household_code));
create policy within on adoption for select to vunglom_persons_within using (exists (
  select from household h where h.province = adoption.province and h.code = adoption.household_code));
-- No policy lets it see members: what is asked of them by name is asked of everywhere.
